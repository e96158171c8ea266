import { ascending, median, percentile } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Remedy } from '../finding.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { responseMs, unreportedEndMs } from './realtime-model.js';

/** The median from sound to sound of speech-to-speech models [kwindla/aiewf-eval 2026]; the response is a part of it. */
const REACHABLE_MS = 1_150;
const SLOW_MS = 1_600;
/** The same where the turn detection before the response, 500 ms, is known not to be in it; half as much again as the slowest. */
const REACHABLE_RESPONSE_MS = 650;
const SLOW_RESPONSE_MS = 1_500;

/** Turn detection that is in the figure where a provider does not report the end of the turn, ms. */
const USUAL_DETECTION_MS = 500;

const first = (turn: EvidenceTurn): number =>
  hasLedger(turn) ? responseMs(turn) + unreportedEndMs(turn) : (turn.parts.ttftMs ?? 0);
const detectionMs = (turn: EvidenceTurn): number => (unreportedEndMs(turn) > 0 ? USUAL_DETECTION_MS : 0);
const slowMs = (turn: EvidenceTurn): number =>
  hasLedger(turn) ? SLOW_RESPONSE_MS + detectionMs(turn) : SLOW_MS;
const reachableMs = (turn: EvidenceTurn): number =>
  hasLedger(turn) ? REACHABLE_RESPONSE_MS + detectionMs(turn) : REACHABLE_MS;

/** What the figure runs from and to. */
function spanText(measured: readonly EvidenceTurn[]): string {
  if (!measured.some(hasLedger))
    return 'the creation of the response to its first audio; the turn detection before it is not in this figure';
  return measured.some((turn) => unreportedEndMs(turn) > 0)
    ? 'the caller’s last sound to its first output; the provider does not report the end of the turn between them'
    : 'the end of the turn to its first output; the turn detection before it is not in this figure';
}

const LOG_STATES: Remedy = {
  text: 'Log the speech that was heard and the first frame that was sent: `ttft` begins only when the response is created',
  code: 'session.on(voice.AgentSessionEventTypes.AgentStateChanged, (e) => console.log(Date.now(), e.newState));',
};

/** Finds speech-to-speech models whose first audio comes late. */
export const realtimeSlow: Rule = {
  id: 'realtime-slow',
  title: 'The speech-to-speech model is slow',
  looksFor: 'a first audio that comes long after the response was created, in a speech-to-speech model',
  needs: 'Firstword’s records, `RealtimeModel metrics`, or a chat history of a speech-to-speech model',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(
      (turn) => turn.isRealtime && (turn.parts.ttftMs !== undefined || hasLedger(turn)),
    );
    const turns = measured.filter((turn) => first(turn) > slowMs(turn));
    if (turns.length === 0) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const excess = members.has(turn) ? first(turn) - reachableMs(turn) : 0;
        return [excess * 0.6, excess, excess];
      },
      `a first audio after ${ms(reachableMs(measured[0]!))}, the published median of fast speech-to-speech models`,
      measured.some(hasLedger) ? ['realtimeModel', 'realtimeUnreported', 'llm'] : [],
    );
    if (!isNoticeable(saving)) return [];
    const firsts = ascending(measured.map(first));
    const name =
      measured[0]!.llm && measured[0]!.llm.model !== 'unknown' ? measured[0]!.llm.model : 'The model';
    return [
      findingOf(this, {
        verdict: `${name} takes ${ms(median(firsts)!)} at the median, up to ${ms(percentile(firsts, 100))}, from ${spanText(measured)}.`,
        evidence: [evidenceLine(`first audio later than ${ms(slowMs(turns[0]!))}`, turns, first)],
        confidence: confidenceFrom(
          0.85,
          turns.length,
          'the model’s own figure; a long history, tools and the region can all be behind it',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Take a newer model or a nearer region, keep the history and the instructions short, and compare with a cascade of STT, LLM and TTS',
          },
          firstword: {
            text: 'A cascade with the levers on answers within 600 ms; the same session option takes either',
            code: 'new AgentSession({ stt, llm, tts })',
          },
        },
        check: 'The median `ttft` of `RealtimeModel metrics` is below 1,200 ms.',
        ...(measured.some(hasLedger) ? {} : { logNext: LOG_STATES }),
        experiment:
          'Ask the same question in a fresh session: if it is fast there, the history is the cause.',
      }),
    ];
  },
};
