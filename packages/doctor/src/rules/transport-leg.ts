import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** A jitter buffer and a round trip within a continent. */
const USUAL_MS = 120;
const SLOW_MS = 180;

const leg = (turn: EvidenceTurn): number => Math.max(waitedMs(turn, 'transport'), turn.parts.playbackMs ?? 0);

/** Finds audio that takes long from the agent to the caller. */
export const transportLeg: Rule = {
  id: 'transport-leg',
  title: 'The transport to the caller is slow',
  looksFor: 'time from the agent’s audio to the caller’s ear: network, jitter buffer, telephone',
  needs: 'a time measured at the caller: the studio, a tape, or `playback_latency`',
  part: 'transport',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => leg(turn) > SLOW_MS);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) =>
        members.has(turn) ? [leg(turn) - USUAL_MS - 60, leg(turn) - USUAL_MS, leg(turn) - USUAL_MS + 40] : 0,
      `a transport of ${USUAL_MS} ms`,
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(leg))!;
    const phone = turns.filter(({ transport }) => transport === 'telephone').length;
    return [
      findingOf(this, {
        verdict: `The audio takes ${ms(middle)} to the caller in ${turns.length} turns${phone > 0 ? `, ${phone} of them by telephone` : ''}.`,
        evidence: [evidenceLine(`leaving the agent to heard, median ${ms(middle)}`, turns, leg)],
        confidence: confidenceFrom(
          0.8,
          turns.length,
          'it was measured at the caller; two clocks may differ slightly',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Run agent and server in the callers’ region (LIVEKIT_URL names the server’s); use a SIP trunk with a point of presence there, and look at an avatar or a recorder that plays the audio later',
          },
          firstword: { text: 'The same: Firstword changes nothing between agent and caller' },
        },
        check: `The \`${'transport' satisfies SegmentName}\` segment is below 120 ms, or \`npx firstword call\` measures it from the tape.`,
        experiment:
          'Call from a browser beside the agent and from a telephone: the difference is due to the telephone.',
      }),
    ];
  },
};
