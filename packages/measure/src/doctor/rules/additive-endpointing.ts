import type { Turn } from '../evidence.js';
import { isWorthTelling, mean, median, ms, proof, savingOn, sureFrom, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { fitLine } from './line.js';
import { findingOf } from './make.js';

const LEAST_TURNS = 5;
const LEAST_DELAY_MS = 150;
/** The delay is the same in every turn to this, while the transcript comes sooner or later. */
const MOST_SPREAD_MS = 60;
const REACHABLE_MS = 40;

const delay = ({ parts }: Turn): number | undefined =>
  parts.endOfTurnMs === undefined || parts.sttFinalMs === undefined
    ? undefined
    : parts.endOfTurnMs - parts.sttFinalMs;

const spread = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** The turns tell a delay that is added to the transcript, whatever else they wait for. */
export function isAdditive(turns: readonly Turn[]): boolean {
  const told = turns.filter((turn) => delay(turn) !== undefined);
  if (told.length < LEAST_TURNS) return false;
  const delays = valuesOf(told, delay);
  const finals = valuesOf(told, ({ parts }) => parts.sttFinalMs);
  const line = fitLine(told.map(({ parts }) => [parts.sttFinalMs!, parts.endOfTurnMs!]));
  const isSteady = spread(delays) < MOST_SPREAD_MS && spread(delays) < 0.6 * spread(finals);
  return (
    median(delays)! >= LEAST_DELAY_MS && isSteady && line !== undefined && line.slope >= 0.7 && line.r >= 0.8
  );
}

export const additiveEndpointing: Rule = {
  id: 'additive-endpointing',
  title: 'The delay is added to the engine’s own',
  looksFor:
    'a commit always the same time after the final transcript: in STT mode `minDelay` comes on top of the engine’s silence',
  needs: 'transcription and end-of-turn delays of five turns',
  part: 'end of turn',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => delay(turn) !== undefined);
    const delays = valuesOf(turns, delay);
    const finals = valuesOf(turns, ({ parts }) => parts.sttFinalMs);
    const line = fitLine(turns.map(({ parts }) => [parts.sttFinalMs!, parts.endOfTurnMs!]));
    if (!line || !isAdditive(turns)) return [];
    const middle = median(delays)!;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? delay(turn)! - REACHABLE_MS : 0),
      'the engine’s end of speech is trusted, and nothing is added',
    );
    if (!isWorthTelling(saving)) return [];
    return [
      findingOf(this, {
        verdict: `Every commit comes ${ms(middle)} after the final transcript, however late that is: \`minDelay\` is added to the engine’s own silence.`,
        evidence: [
          proof(
            `final transcript to commit: ${ms(middle)} ± ${ms(spread(delays))}, while the transcript itself varies by ± ${ms(spread(finals))}`,
            turns,
            (turn) => delay(turn)!,
          ),
        ],
        confidence: sureFrom(
          0.9,
          turns.length,
          `the commit follows the transcript with slope ${line.slope.toFixed(2)}, r ${line.r.toFixed(2)}; in VAD mode it would not`,
        ),
        saving,
        fix: {
          livekit: {
            text: 'With `turnDetection: stt` set the delay to nothing: the engine has waited already',
            code: "turnHandling: { turnDetection: 'stt', endpointing: { minDelay: 0 } }",
          },
          firstword: {
            text: 'Leave STT mode: its detector waits from the last sound, not from the transcript',
            code: 'lowLatency({ stt, llm, tts, levers: { endpointing: true } })',
          },
        },
        check: '`end_of_turn_delay − transcription_delay` is below 50 ms.',
        experiment:
          'Set `minDelay` to 0 for one call: if each commit comes earlier by the old delay, it was added.',
      }),
    ];
  },
};
