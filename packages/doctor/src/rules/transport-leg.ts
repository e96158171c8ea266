import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** A jitter buffer and a round trip within a continent. */
const USUAL_MS = 120;
const SLOW_MS = 180;

const leg = (turn: EvidenceTurn): number => Math.max(waitedMs(turn, 'transport'), turn.parts.playbackMs ?? 0);

const FIX: Finding['fix'] = {
  livekit: {
    text: 'Run agent and server in the callers’ region (LIVEKIT_URL names the server’s); use a SIP trunk with a point of presence there, and look at an avatar or a recorder that plays the audio later',
  },
  firstword: { text: 'The same: Firstword changes nothing between agent and caller' },
};

/** Turns as fast as this are not slow by what is measured; from here on a user asks why. */
const ASKED_FROM_MS = 900;
const ASKED_TO_MS = 1_300;
const MIN_TURNS = 3;

/** Where the figures end at the first frame and explain no long wait: what comes after it may be what the caller complains of. */
function unmeasured(rule: Rule, { answered }: Evidence): Finding[] {
  const turns = answered.filter(
    ({ measure, parts }) => measure === 'firstFrame' && parts.playbackMs === undefined,
  );
  const middle = median(valuesOf(turns, ({ gapMs }) => gapMs)) ?? 0;
  if (turns.length < MIN_TURNS || middle < ASKED_FROM_MS || middle > ASKED_TO_MS) return [];
  return [
    findingOf(rule, {
      kind: 'data',
      verdict: `These figures end when the agent sends its first frame (${ms(middle)} at the median). The way to the caller is not in them: a telephone line or a distant server adds 0.1 to 0.7 s that no metric of LiveKit’s shows.`,
      evidence: [evidenceLine('`e2e_latency` without a time at the caller', turns)],
      confidence: confidenceFrom(0.9, turns.length, 'no time at the caller is in the data'),
      fix: FIX,
      check: '`npx firstword call` measures it from a recording of both sides.',
      logNext: {
        text: 'Record a call at the telephone and measure from the caller’s last sound to the agent’s first: what is more than `e2e_latency` is the line',
      },
    }),
  ];
}

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
    if (turns.length === 0 || !isNoticeable(saving)) return unmeasured(this, evidence);
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
        fix: FIX,
        check: `The \`${'transport' satisfies SegmentName}\` segment is below 120 ms, or \`npx firstword call\` measures it from the tape.`,
        experiment:
          'Call from a browser beside the agent and from a telephone: the difference is due to the telephone.',
      }),
    ];
  },
};
