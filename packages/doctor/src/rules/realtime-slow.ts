import { ascending, median, percentile } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** The median from sound to sound of speech-to-speech models [kwindla/aiewf-eval 2026]; the response is a part of it. */
const REACHABLE_MS = 1_150;
const SLOW_MS = 1_600;

const first = ({ parts }: EvidenceTurn): number => parts.ttftMs ?? 0;

/** Finds speech-to-speech models whose first audio comes late. */
export const realtimeSlow: Rule = {
  id: 'realtime-slow',
  title: 'The speech-to-speech model is slow',
  looksFor: 'a first audio that comes long after the response was created, in a speech-to-speech model',
  needs: '`RealtimeModel metrics`, or a chat history of a speech-to-speech model',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(
      ({ isRealtime, parts }) => isRealtime && parts.ttftMs !== undefined,
    );
    const turns = measured.filter((turn) => first(turn) > SLOW_MS);
    if (turns.length === 0) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const excess = members.has(turn) ? first(turn) - REACHABLE_MS : 0;
        return [excess * 0.6, excess, excess];
      },
      `a first audio after ${ms(REACHABLE_MS)}, the published median of fast speech-to-speech models`,
    );
    if (!isNoticeable(saving)) return [];
    const firsts = ascending(measured.map(first));
    const name =
      measured[0]!.llm && measured[0]!.llm.model !== 'unknown' ? measured[0]!.llm.model : 'The model';
    return [
      findingOf(this, {
        verdict: `${name} takes ${ms(median(firsts)!)} at the median, up to ${ms(percentile(firsts, 100))}, from the creation of the response to its first audio; the turn detection before it is not in this figure.`,
        evidence: [evidenceLine(`first audio later than ${ms(SLOW_MS)}`, turns, first)],
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
        logNext: {
          text: 'Log the speech that was heard and the first frame that was sent: `ttft` begins only when the response is created',
          code: 'session.on(voice.AgentSessionEventTypes.AgentStateChanged, (e) => console.log(Date.now(), e.newState));',
        },
        experiment:
          'Ask the same question in a fresh session: if it is fast there, the history is the cause.',
      }),
    ];
  },
};
