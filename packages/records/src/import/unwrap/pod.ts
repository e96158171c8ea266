import type { Unwrapped } from './unwrapped.js';

/** `[pod/agent-7c9/agent] text` of `kubectl logs --prefix`. */
const KUBECTL = /^\[(?:pod\/)?([\w.-]{1,120}\/[\w.-]{1,120})\] ?/;
/** `agent-7c9d8f-x2x4k agent text` of stern: a pod's name has the hash of its deployment. */
const STERN = /^([a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){2,10}) ([a-z][a-z0-9-]{0,60}) (?=[{[\d])/;

/** The same of a pod whose name ends in the hash of its deployment and its own: any text may follow. */
const STERN_HASHED = /^([a-z][a-z0-9-]{0,120}-[a-z0-9]{6,10}-[a-z0-9]{5}) ([a-z][a-z0-9-]{0,60})(?: |$)/;

/** kubectl and stern name the pod and the container in front of each line. */
export function pod(line: string): Unwrapped | undefined {
  const found = KUBECTL.exec(line) ?? STERN_HASHED.exec(line) ?? STERN.exec(line);
  return found ? { text: line.slice(found[0].length), source: found[1] } : undefined;
}
