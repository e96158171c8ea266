import { describe, expect, it } from 'vitest';
import { linkOf } from './link-stats.js';

type Reports = Parameters<typeof linkOf>[0];

/** The fields of rtc-node's statistics that are read. */
const reports = (publisher: unknown[], subscriber: unknown[]) =>
  ({ publisherStats: publisher, subscriberStats: subscriber }) as Reports;
const pair = (nominated: boolean, currentRoundTripTime: number) => ({
  stats: { case: 'candidatePair', value: { candidatePair: { nominated, currentRoundTripTime } } },
});
const inbound = (kind: string, jitterBufferDelay: number, emitted: bigint, packetsLost = 0n) => ({
  stats: {
    case: 'inboundRtp',
    value: {
      stream: { kind },
      received: { packetsLost },
      inbound: { jitterBufferDelay, jitterBufferEmittedCount: emitted },
    },
  },
});

describe('the statistics of a link', () => {
  it('are those of the slower active connection, and the mean jitter buffer delay of audio', () => {
    const link = linkOf(
      reports([pair(true, 0.03), pair(false, 0.5)], [pair(true, 0.012), inbound('audio', 2400, 48_000n, 3n)]),
    );
    expect(link).toEqual({ rttMs: 30, jitterBufferMs: 50, packetsLost: 3 });
  });

  it('omit unknown values, and video', () => {
    expect(
      linkOf(reports([pair(true, 0)], [inbound('video', 10, 10n), inbound('audio', 0, 0n)])),
    ).toBeUndefined();
  });
});
