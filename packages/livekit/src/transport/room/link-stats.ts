import type { Room } from '@livekit/rtc-node';

/** WebRTC's statistics of a connection to a LiveKit server. Unknown values are absent. */
export interface LinkStats {
  /** Round-trip time to the server, ms. */
  rttMs?: number;
  /** Mean delay of incoming audio in the jitter buffer, ms. */
  jitterBufferMs?: number;
  /** Lost packets of incoming audio so far. */
  packetsLost?: number;
}

type Reports = Pick<Awaited<ReturnType<Room['getRtcStats']>>, 'publisherStats' | 'subscriberStats'>;

/** Extracts the audio statistics of a session. */
export function linkOf({ publisherStats, subscriberStats }: Reports): LinkStats | undefined {
  const link: LinkStats = {};
  for (const { stats } of [...publisherStats, ...subscriberStats]) {
    if (stats.case === 'candidatePair') {
      const { nominated, currentRoundTripTime: rtt = 0 } = stats.value.candidatePair ?? {};
      // The longer of the two connections; an idle one that was never measured reports 0.
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

/** Reads a room's statistics; `undefined` if there are none or the room is closed. */
export async function linkStats(room: Room): Promise<LinkStats | undefined> {
  return linkOf(await room.getRtcStats().catch(() => ({ publisherStats: [], subscriberStats: [] })));
}
