import { timeOfText, type Unwrapped } from './unwrapped.js';

/**
 * `2026-09-01T10:00:00.123000+00:00 agent/agent/0f3c text`: the stream of a task on ECS, a pod on EKS, a function of Lambda, or
 * an instance.
 */
const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00) ((?:[\w.-]{1,120}\/){1,6}(?:\[[\w$.-]{1,60}\])?[\w.-]{0,200}|i-[0-9a-f]{8,17})(?: |$)/;

/** The output of `aws logs tail`. */
export function awsLogsTail(line: string): Unwrapped | undefined {
  const found = LINE.exec(line);
  return found
    ? { text: line.slice(found[0].length), atMs: timeOfText(found[1]), source: found[2] }
    : undefined;
}
