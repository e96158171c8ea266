import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, mean, ms, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { fitLine } from './fit-line.js';

const MIN_TURNS = 5;
const MIN_DELAY_MS = 150;
/** Delays count as constant if their standard deviation is below this, while the transcript's arrival varies. */
const MAX_SPREAD_MS = 60;
const REACHABLE_MS = 40;

const delay = ({ parts }: EvidenceTurn): number | undefined =>
  parts.endOfTurnMs === undefined || parts.sttFinalMs === undefined
    ? undefined
    : parts.endOfTurnMs - parts.sttFinalMs;

const spread = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** An STT engine reports the end of speech with its final transcript or soon after; a VAD reports it before the transcript. */
const AT_ONCE_MS = 25;
const SOON_AFTER_MS = 500;
/** Minimum share of turns: a caller who pauses gets an early transcript of the first half in any mode. */
const MAX_TURNS = 0.8;

/** Whether the end of speech came from the STT engine, together with its final transcript: a VAD reports it long before. */
function isEngineEnded({ parts }: EvidenceTurn): boolean {
  const { finalLeadMs, sttFinalMs } = parts;
  if (sttFinalMs !== undefined) return sttFinalMs <= AT_ONCE_MS;
  return finalLeadMs !== undefined && finalLeadMs <= SOON_AFTER_MS;
}

const isSteadyDelay = (delays: readonly number[]): boolean =>
  delays.length >= MIN_TURNS && median(delays)! >= MIN_DELAY_MS && spread(delays) < MAX_SPREAD_MS;

/** The delay that is added to the engine's own silence in each of these turns, and how that is known. */
interface Added {
  turns: EvidenceTurn[];
  delayOf(turn: EvidenceTurn): number;
  seen: string;
  why: string;
  confidence: number;
}

/** In STT mode LiveKit starts the delay at the engine's end of speech, when the transcript is already there. */
function afterEngine(turns: readonly EvidenceTurn[]): Added | undefined {
  const measured = turns.filter(({ parts }) => parts.endOfTurnMs !== undefined);
  const ended = measured.filter(isEngineEnded);
  const delayOf = ({ parts }: EvidenceTurn) => parts.endOfTurnMs!;
  if (ended.length < MAX_TURNS * measured.length || !isSteadyDelay(ended.map(delayOf))) return undefined;
  return {
    turns: ended,
    delayOf,
    seen: `the end of speech is reported together with the final transcript, and the commit comes ${ms(median(ended.map(delayOf))!)} ± ${ms(spread(ended.map(delayOf)))} later`,
    why: 'a VAD reports the end of speech before the transcript: this one comes from the STT engine, after a silence that is in no figure here; an STT that is unusually early looks the same',
    confidence: ended.some(({ parts }) => parts.finalLeadMs !== undefined && parts.finalLeadMs > 0)
      ? 0.9
      : 0.62,
  };
}

/** With the true end of speech known: the commit follows the transcript at a constant delay, whenever that comes. */
function afterTranscript(turns: readonly EvidenceTurn[]): Added | undefined {
  const measured = turns.filter((turn) => delay(turn) !== undefined);
  const delays = valuesOf(measured, delay);
  const finals = valuesOf(measured, ({ parts }) => parts.sttFinalMs);
  const line = fitLine(measured.map(({ parts }) => [parts.sttFinalMs!, parts.endOfTurnMs!]));
  if (!isSteadyDelay(delays) || spread(delays) >= 0.6 * spread(finals)) return undefined;
  if (line === undefined || line.slope < 0.7 || line.r < 0.8) return undefined;
  return {
    turns: measured,
    delayOf: (turn) => delay(turn)!,
    seen: `final transcript to commit: ${ms(median(delays)!)} ± ${ms(spread(delays))}, while the transcript itself varies by ± ${ms(spread(finals))}`,
    why: `the commit follows the transcript with slope ${line.slope.toFixed(2)}, r ${line.r.toFixed(2)}; in VAD mode it would not`,
    confidence: 0.9,
  };
}

const addedTo = (turns: readonly EvidenceTurn[]): Added | undefined =>
  afterEngine(turns) ?? afterTranscript(turns);

/** Whether the turns show a delay that is added to the engine's own silence. */
export const isAdditive = (turns: readonly EvidenceTurn[]): boolean => addedTo(turns) !== undefined;

/** Finds an endpointing delay that runs after the STT engine has already waited for silence. */
export const additiveEndpointing: Rule = {
  id: 'additive-endpointing',
  title: 'The endpointing delay is added to the STT engine’s own',
  looksFor:
    'a commit always the same time after the final transcript: in STT mode `minDelay` comes on top of the engine’s silence',
  needs: 'transcription and end-of-turn delays of five turns',
  part: 'end of turn',
  examine(evidence) {
    const added = addedTo(evidence.answered);
    if (!added) return [];
    const { turns, delayOf } = added;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? delayOf(turn) - REACHABLE_MS : 0),
      'the engine’s end of speech is trusted, and nothing is added',
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `Every commit comes ${ms(median(turns.map(delayOf))!)} after the final transcript, however late that is: \`minDelay\` is added to the silence that the engine has already waited for.`,
        evidence: [evidenceLine(added.seen, turns, delayOf)],
        confidence: confidenceFrom(added.confidence, turns.length, added.why),
        saving,
        fix: {
          livekit: {
            text: 'With `turnDetection: stt` set the delay to 0: the engine has already waited',
            code: "turnHandling: { turnDetection: 'stt', endpointing: { minDelay: 0 } }",
            python: 'AgentSession(turn_handling={"turn_detection": "stt", "endpointing": {"min_delay": 0}})',
          },
          firstword: {
            text: 'Leave STT mode: its detector waits from the last sound, not from the transcript',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check: '`end_of_turn_delay − transcription_delay` is below 50 ms.',
        experiment:
          'Set `minDelay` to 0 for one call: if each commit comes earlier by the old delay, it was added.',
      }),
    ];
  },
};
