import type { DisplayedTurn, StudioState } from './state.js';

type TurnState = Pick<StudioState, 'turns' | 'call' | 'previousCallId'>;

/** The turn to show in detail: the newest one, or none if the current or last call has no turn yet. */
export function currentTurn({ turns, call, previousCallId }: TurnState): DisplayedTurn | undefined {
  const newest = turns[0];
  if (!newest || newest.record.callId === previousCallId) return undefined;
  const isOfAnotherCall =
    call.phase !== 'idle' && (call.callId === undefined || newest.record.callId !== call.callId);
  return isOfAnotherCall ? undefined : newest;
}

/** All turns except the current one, newest first. */
export function earlierTurns(state: TurnState): DisplayedTurn[] {
  return currentTurn(state) ? state.turns.slice(1) : state.turns;
}

/** Whether an emulated LLM answered any turn of the current call. */
export function isCallEmulated(state: TurnState): boolean {
  const callId = currentTurn(state)?.record.callId;
  return state.turns.some((turn) => turn.record.callId === callId && turn.record.llm?.emulated);
}
