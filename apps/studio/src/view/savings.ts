import type { TurnRecord } from '@firstword/turn';
import type { LeverName } from '../protocol.js';
import { msText } from './format.js';
import { LEVER_TEXT } from './lever-text.js';

/** LiveKit 1.9.0's waits after the caller's last sound, with its streaming turn detector: where it is sure, and where not. */
const LIVEKIT_WAIT_MS = { sure: 300, unsure: 2500 };

/** What one lever did for one turn, as far as it was measured. */
export interface Saving {
  lever: LeverName;
  name: string;
  /** Time that it took off the silence, or hid; left out where that was not measured. */
  ms?: number;
  note: string;
}

type Told = Pick<Saving, 'note' | 'ms'>;

/** A difference of two marks; `undefined` where one is missing. */
function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

function speculation({ speculation, marks }: TurnRecord): Told {
  if (!speculation || speculation.started === 0) return { note: 'nothing was started early' };
  if (speculation.kept === 0) return { note: `${speculation.started} started, none kept` };
  const aheadMs = between(marks.speculationStarted, marks.finalTranscript);
  const ahead =
    aheadMs !== undefined && aheadMs > 0
      ? `; begun ${msText(aheadMs)} ms before the final words, on which LiveKit begins`
      : '';
  return {
    ...(speculation.hiddenMs === undefined ? {} : { ms: speculation.hiddenMs }),
    note: `of the LLM’s time passed before the commit${ahead}`,
  };
}

function preemptiveTts({ marks }: TurnRecord): Told {
  const { ttsRequested, ttsFirstByte, turnCommitted } = marks;
  const hiddenMs = between(ttsRequested, Math.min(turnCommitted ?? Infinity, ttsFirstByte ?? Infinity));
  if (hiddenMs === undefined || turnCommitted === undefined) return { note: 'not seen in this turn' };
  if (hiddenMs <= 0 || ttsRequested! >= turnCommitted) return { note: 'the text came after the commit' };
  return { ms: hiddenMs, note: 'of the voice’s time passed before the commit' };
}

function clause({ clauseLeadMs }: TurnRecord): Told {
  if (clauseLeadMs === undefined) return { note: 'not measured in this turn' };
  if (clauseLeadMs <= 0) return { note: 'the first sentence was there as soon' };
  return { ms: clauseLeadMs, note: 'sooner than LiveKit lets the first sentence go to the voice' };
}

function trimSilence({ trimmedMs }: TurnRecord): Told {
  if (trimmedMs === undefined) return { note: 'not measured in this turn' };
  return { ms: trimmedMs, note: 'of silence cut before the first sound' };
}

function endpointing({ marks }: TurnRecord): Told {
  // What the commit waited for after that, the final transcript for one, is not this lever's.
  const waitMs = between(marks.speechEnded, marks.endpointingElapsed);
  if (waitMs === undefined) return { note: 'the wait was not seen' };
  const { sure, unsure } = LIVEKIT_WAIT_MS;
  const note = `waited ${msText(waitMs)} ms; LiveKit waits ${sure}, or ${msText(unsure)} where it is unsure`;
  return waitMs < sure ? { ms: sure - waitMs, note } : { note };
}

function backup({ llm }: TurnRecord): Told {
  const attempts = llm?.attempts ?? [];
  const won = attempts.find((a) => a.outcome === 'won');
  if (attempts.length < 2) return { note: 'the first LLM was in time' };
  if (!won) return { note: 'none of them answered' };
  if (won.reason === 'primary') return { note: `${won.model} won against its backup` };
  const first = attempts.find((a) => a.reason === 'primary');
  const aheadMs = between(won.firstContentMs, first?.firstContentMs);
  return {
    ...(aheadMs !== undefined && aheadMs > 0 ? { ms: aheadMs } : {}),
    note: `${won.model} won${first ? `; ${first.model} was ${first.outcome}` : ''}`,
  };
}

function filler({ bridge, feltGapMs }: TurnRecord): Told {
  if (!bridge) return { note: 'the answer was in time' };
  const { answerGapMs } = bridge;
  if (answerGapMs === undefined || feltGapMs === undefined) return { note: 'said, and no answer followed' };
  return { note: `said at ${msText(feltGapMs)} ms; the answer itself began at ${msText(answerGapMs)} ms` };
}

const TOLD: Record<LeverName, (record: TurnRecord) => Told> = {
  speculation,
  preemptiveTts,
  clause,
  trimSilence,
  endpointing,
  filler,
  backup,
};

/** What each lever that was pulled did for this turn. They overlap: their times do not add up. */
export function savingsOf(record: TurnRecord): Saving[] {
  const levers = Object.keys(TOLD) as LeverName[];
  return levers
    .filter((lever) => record.levers?.[lever])
    .map((lever) => ({ lever, name: LEVER_TEXT[lever].name, ...TOLD[lever](record) }));
}
