import type { Room } from '@livekit/rtc-node';

/** How a connection to a LiveKit server is doing, by WebRTC's own statistics. What they do not tell is absent. */
export interface LinkStats {
  /** To the server and back, ms. */
  rttMs?: number;
  /** Mean time that incoming audio waits in the jitter buffer, ms. */
  jitterBufferMs?: number;
  /** Of incoming audio, so far. */
  packetsLost?: number;
}

type Reports = Pick<Awaited<ReturnType<Room['getRtcStats']>>, 'publisherStats' | 'subscriberStats'>;

/** What a session's statistics say of its audio. */
export function linkOf({ publisherStats, subscriberStats }: Reports): LinkStats | undefined {
  const link: LinkStats = {};
  for (const { stats } of [...publisherStats, ...subscriberStats]) {
    if (stats.case === 'candidatePair') {
      const { nominated, currentRoundTripTime: rtt = 0 } = stats.value.candidatePair ?? {};
      // The longer of two connections: an idle one that was never asked says 0.
      if (nominated && rtt > 0) link.rttMs = Math.max(link.rttMs ?? 0, rtt * 1000);
    } else if (stats.case === 'inboundRtp' && stats.value.stream?.kind === 'audio') {
      const { jitterBufferDelay = 0, jitterBufferEmittedCount = 0n } = stats.value.inbound ?? {};
      if (jitterBufferEmittedCount === 0n) continue;
      link.jitterBufferMs = (jitterBufferDelay * 1000) / Number(jitterBufferEmittedCount);
      link.packetsLost = Number(stats.value.received?.packetsLost ?? 0n);
    }
  }
  return Object.keys(link).length === 0 ? undefined : link;
}

/** Asks a room for them; `undefined` where it does not tell, or has gone. */
export async function linkStats(room: Room): Promise<LinkStats | undefined> {
  return linkOf(await room.getRtcStats().catch(() => ({ publisherStats: [], subscriberStats: [] })));
}
