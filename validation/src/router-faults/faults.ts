import type { Fault } from '@firstword/emulator';

/** A fault of the primary and its name in the table. */
export interface FaultCase {
  name: string;
  fault: Fault;
}

/** The faults that a backup should cover. */
export const FAULT_CASES: readonly FaultCase[] = [
  { name: 'straggler 5 s', fault: { kind: 'straggler', delayMs: 5_000 } },
  { name: 'no headers', fault: { kind: 'no-headers' } },
  { name: 'headers, then comments', fault: { kind: 'headers-then-comments' } },
  { name: 'role, then nothing', fault: { kind: 'role-then-nothing' } },
  { name: 'empty stream', fault: { kind: 'empty-stream' } },
  { name: 'empty answer', fault: { kind: 'empty-answer' } },
  { name: 'error frame', fault: { kind: 'error-frame' } },
  { name: 'http 500', fault: { kind: 'http-error', status: 500 } },
  { name: 'http 503', fault: { kind: 'http-error', status: 503 } },
  { name: '429, retry-after 30', fault: { kind: 'rate-limited', retryAfterSeconds: 30 } },
  { name: '429, no retry-after', fault: { kind: 'rate-limited' } },
  { name: 'stall mid-word', fault: { kind: 'stall' } },
  { name: 'reset mid-word', fault: { kind: 'reset' } },
  { name: 'garbage bytes', fault: { kind: 'garbage' } },
  { name: 'html page', fault: { kind: 'html-page' } },
  { name: 'hang-up', fault: { kind: 'hang-up' } },
];
