import type { Fault } from '@firstword/emulator';

/** A fault of the primary, and its name in the table. */
export interface GatewayFaultCase {
  name: string;
  fault: Fault;
  /** The request offers a tool, and the answer is a tool call. */
  withTool?: boolean;
}

/** Pieces of the answer that end after its first clause: what has been passed on by then cannot be taken back. */
const AFTER_CLAUSE = 30;

/** What a backup should cover, or where words were already passed on, what the client must be told. */
export const GATEWAY_FAULT_CASES: readonly GatewayFaultCase[] = [
  { name: 'straggler 5 s', fault: { kind: 'straggler', delayMs: 5_000 } },
  { name: 'slowdown x20', fault: { kind: 'slowdown', factor: 20 } },
  { name: 'no headers', fault: { kind: 'no-headers' } },
  { name: 'hang-up', fault: { kind: 'hang-up' } },
  { name: 'headers, then comments', fault: { kind: 'headers-then-comments' } },
  { name: 'role, then nothing', fault: { kind: 'role-then-nothing' } },
  { name: 'empty stream', fault: { kind: 'empty-stream' } },
  { name: 'empty answer', fault: { kind: 'empty-answer' } },
  { name: 'error frame', fault: { kind: 'error-frame' } },
  { name: 'http 401', fault: { kind: 'http-error', status: 401 } },
  { name: 'http 404', fault: { kind: 'http-error', status: 404 } },
  { name: 'http 500', fault: { kind: 'http-error', status: 500 } },
  { name: 'http 502', fault: { kind: 'http-error', status: 502 } },
  { name: 'http 503', fault: { kind: 'http-error', status: 503 } },
  { name: '429, retry-after 30', fault: { kind: 'rate-limited', retryAfterSeconds: 30 } },
  { name: '429, no retry-after', fault: { kind: 'rate-limited' } },
  { name: 'stall mid-word', fault: { kind: 'stall' } },
  { name: 'reset mid-word', fault: { kind: 'reset' } },
  { name: 'cut off mid-word', fault: { kind: 'cut-off' } },
  { name: 'garbage bytes', fault: { kind: 'garbage' } },
  { name: 'line of 2 MB', fault: { kind: 'long-line', bytes: 2_000_000 } },
  { name: 'slow drip', fault: { kind: 'slow-drip' } },
  { name: 'html page', fault: { kind: 'html-page' } },
  { name: 'broken tool JSON', fault: { kind: 'broken-tool-json' }, withTool: true },
  { name: 'stall after clause', fault: { kind: 'stall', afterPieces: AFTER_CLAUSE } },
  { name: 'reset after clause', fault: { kind: 'reset', afterPieces: AFTER_CLAUSE } },
  { name: 'cut off after clause', fault: { kind: 'cut-off', afterPieces: AFTER_CLAUSE } },
];
