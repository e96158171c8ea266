import type { TurnRecord } from '@firstword/turn';
import type { LeverName } from '../protocol.js';
import { msText } from './format.js';
import { LEVER_TEXT } from './lever-text.js';

/** LiveKit 1.9.0's endpointing delays with its streaming turn detector, when it is sure and when it is not, ms. */
const LIVEKIT_WAIT_MS = { sure: 300, unsure: 2500 };

/** The measured effect of one lever on one turn. */
export interface LeverEffect {
  lever: LeverName;
  /** Display name of the lever. */
  name: string;
  /** Time saved or hidden, ms; missing if it was not measured. */
  ms?: number;
  /** Explanation that follows the figure. */
  note: string;
}

type Effect = Pick<LeverEffect, 'note' | 'ms'>;

/** The time between two marks, ms; `undefined` if one is missing. */
function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

function speculation({ speculation, marks }: TurnRecord): Effect {
  if (!speculation || speculation.started === 0) return { note: 'no speculation was started' };
  if (speculation.kept === 0) return { note: `${speculation.started} started, none kept` };
  const aheadMs = between(marks.speculationStarted, marks.finalTranscript);
  const ahead =
    aheadMs !== undefined && aheadMs > 0
      ? `; started ${msText(aheadMs)} ms before the final transcript, on which LiveKit starts`
      : '';
  return {
    ...(speculation.hiddenMs === undefined ? {} : { ms: speculation.hiddenMs }),
    note: `of LLM time hidden before the commit${ahead}`,
  };
}

function preemptiveTts({ marks }: TurnRecord): Effect {
  const { ttsRequested, ttsFirstByte, turnCommitted } = marks;
  const hiddenMs = between(ttsRequested, Math.min(turnCommitted ?? Infinity, ttsFirstByte ?? Infinity));
  if (hiddenMs === undefined || turnCommitted === undefined) return { note: 'not measured in this turn' };
  if (hiddenMs <= 0 || ttsRequested! >= turnCommitted) return { note: 'the text came after the commit' };
  return { ms: hiddenMs, note: 'of TTS time hidden before the commit' };
}

function clause({ clauseLeadMs }: TurnRecord): Effect {
  if (clauseLeadMs === undefined) return { note: 'not measured in this turn' };
  if (clauseLeadMs <= 0) return { note: 'the first sentence was ready at the same time' };
  return { ms: clauseLeadMs, note: 'before LiveKit would have passed the first sentence to the TTS' };
}

function trimSilence({ trimmedMs }: TurnRecord): Effect {
  if (trimmedMs === undefined) return { note: 'not measured in this turn' };
  return { ms: trimmedMs, note: 'of leading silence removed' };
}

function endpointing({ marks }: TurnRecord): Effect {
  // A later wait for the commit, for example for the final transcript, is not due to this lever.
  const waitMs = between(marks.speechEnded, marks.endpointingElapsed);
  if (waitMs === undefined) return { note: 'the endpointing delay was not measured' };
  const { sure, unsure } = LIVEKIT_WAIT_MS;
  const note = `endpointing delay ${msText(waitMs)} ms; LiveKit’s is ${sure}, or ${msText(unsure)} when it is unsure`;
  return waitMs < sure ? { ms: sure - waitMs, note } : { note };
}

function repair({ repaired }: TurnRecord): Effect {
  if (!repaired) return { note: 'the caller was not cut off' };
  if (repaired.part === 'half') return { note: 'the caller went on: the next turn is the whole one' };
  return { note: 'answers what was said before a cut-off too' };
}

function backup({ llm }: TurnRecord): Effect {
  const attempts = llm?.attempts ?? [];
  const won = attempts.find((a) => a.outcome === 'won');
  if (attempts.length < 2) return { note: 'the first LLM was in time' };
  if (!won) return { note: 'no LLM answered' };
  if (won.reason === 'primary') return { note: `${won.model} answered before its backup` };
  const first = attempts.find((a) => a.reason === 'primary');
  const aheadMs = between(won.firstContentMs, first?.firstContentMs);
  return {
    ...(aheadMs !== undefined && aheadMs > 0 ? { ms: aheadMs } : {}),
    note: `${won.model} answered first${first ? `; ${first.model}: ${first.outcome}` : ''}`,
  };
}

function filler({ bridge, feltGapMs }: TurnRecord): Effect {
  if (!bridge) return { note: 'the answer was in time' };
  const { answerGapMs } = bridge;
  if (answerGapMs === undefined || feltGapMs === undefined) return { note: 'spoken, but no answer followed' };
  return { note: `spoken at ${msText(feltGapMs)} ms; the answer began at ${msText(answerGapMs)} ms` };
}

const EFFECTS: Record<LeverName, (record: TurnRecord) => Effect> = {
  speculation,
  preemptiveTts,
  clause,
  trimSilence,
  endpointing,
  repair,
  filler,
  backup,
};

/** Levers of STT, LLM and end of turn, which a realtime model does not need; and those of a TTS, where it speaks itself. */
const IDLE_WITH_REALTIME: readonly LeverName[] = [
  'speculation',
  'preemptiveTts',
  'endpointing',
  'repair',
  'backup',
];
const IDLE_WITHOUT_TTS: readonly LeverName[] = ['clause', 'trimSilence', 'filler'];

const isIdle = (lever: LeverName, { realtime, tts }: TurnRecord): boolean =>
  realtime !== undefined &&
  (IDLE_WITH_REALTIME.includes(lever) || (tts === undefined && IDLE_WITHOUT_TTS.includes(lever)));

/** The effects of the levers that were on in this turn. They overlap, so the savings do not add up. */
export function leverEffects(record: TurnRecord): LeverEffect[] {
  const levers = Object.keys(EFFECTS) as LeverName[];
  return levers
    .filter((lever) => record.levers?.[lever])
    .map((lever) => ({
      lever,
      name: LEVER_TEXT[lever].name,
      ...(isIdle(lever, record) ? { note: 'idle: a realtime model answers' } : EFFECTS[lever](record)),
    }));
}
