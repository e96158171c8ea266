import { type CallRecord, type HelloMarks, toCallRecord } from '@firstword/turn';
import type { Evidence } from '../evidence.js';
import { evidenceOf } from '../evidence-collector.js';

/** A warm call whose greeting comes from the cache: 310 ms. */
export const WARM_HELLO: HelloMarks = {
  processStarted: -60_000,
  prewarmStarted: -59_000,
  prewarmEnded: -57_500,
  callerArrived: 0,
  jobStarted: 30,
  roomConnected: 130,
  sessionStarted: 135,
  sessionReady: 230,
  greetingRequested: 231,
  trackSubscribed: 290,
  framePublished: 300,
  firstAudible: 310,
};

/** Evidence of this many calls with the same time to hello. */
export function hellos(
  count: number,
  marks: HelloMarks,
  greeting: NonNullable<CallRecord['greeting']> = 'cached',
): Evidence {
  return evidenceOf(
    Array.from({ length: count }, (_, at) =>
      toCallRecord({
        callId: `call-${at}`,
        at: '2026-11-30T10:00:00.000Z',
        marks: { callerArrived: 0, ...marks },
        greeting,
      }),
    ),
  );
}
