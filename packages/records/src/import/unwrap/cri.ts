import { timeOfText, type Unwrapped } from './unwrapped.js';

/** `2026-09-01T10:00:00.123456789Z stderr F text`; `P` marks a part whose rest follows. */
const CRI = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)) (stdout|stderr) ([FP])(?::[^ ]{0,40})? ?/;

/** The log files of containerd and CRI-O under /var/log/containers: lines above 16 KiB are cut into parts. */
export function cri(line: string): Unwrapped | undefined {
  const found = CRI.exec(line);
  if (!found) return undefined;
  const [layer, at, , tag] = found;
  return { text: line.slice(layer.length), atMs: timeOfText(at), isPartial: tag === 'P' };
}
