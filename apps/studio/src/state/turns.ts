import type { TurnRecord } from '@firstword/turn';
import { type DisplayedTurn, MAX_TURNS, type StudioState } from './state.js';

/** Adds a turn or replaces its earlier record. A final record is never replaced by one that is not final. */
export function addTurn(
  state: Pick<StudioState, 'turns' | 'droppedTurns'>,
  record: TurnRecord,
  final: boolean,
): Pick<StudioState, 'turns' | 'droppedTurns'> {
  const key = `${record.callId} ${record.turn}`;
  const turn: DisplayedTurn = { key, record, final };
  const known = state.turns.findIndex((t) => t.key === key);
  if (known >= 0) {
    if (state.turns[known]!.final && !final) return { turns: state.turns, droppedTurns: state.droppedTurns };
    return { turns: state.turns.with(known, turn), droppedTurns: state.droppedTurns };
  }
  const turns = [turn, ...state.turns];
  const excess = Math.max(0, turns.length - MAX_TURNS);
  return { turns: turns.slice(0, MAX_TURNS), droppedTurns: state.droppedTurns + excess };
}
