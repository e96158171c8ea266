import { z } from 'zod';
import { textOf } from '../../stt/text.js';
import type { SttUpdate } from '../../stt/update.js';

/** What a client of Deepgram's `/v2/listen` sends besides audio. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CloseStream') }),
  z.object({ type: z.literal('ForceEndTurn') }),
  z.object({ type: z.literal('Configure') }),
]);

/** The state changes and updates of a turn. */
export type TurnEvent = 'StartOfTurn' | 'Update' | 'EagerEndOfTurn' | 'TurnResumed' | 'EndOfTurn';

/** The first message of a stream. */
export function connected(requestId: string): object {
  return { type: 'Connected', request_id: requestId, sequence_id: 0 };
}

/** How sure the engine is of an end, by the kind of the event. Only its order is Flux's; the figures are assumptions. */
const END_CONFIDENCE: Record<TurnEvent, number> = {
  StartOfTurn: 0.05,
  Update: 0.1,
  TurnResumed: 0.1,
  EagerEndOfTurn: 0.55,
  EndOfTurn: 0.85,
};

/** A `TurnInfo` message; its times are in seconds. */
export function turnInfo(
  event: TurnEvent,
  update: SttUpdate,
  turn: { requestId: string; sequence: number; index: number },
): object {
  const { words, confidence, fromMs, toMs } = update;
  return {
    type: 'TurnInfo',
    request_id: turn.requestId,
    sequence_id: turn.sequence,
    event,
    turn_index: turn.index,
    audio_window_start: fromMs / 1000,
    audio_window_end: toMs / 1000,
    transcript: textOf(words),
    words: words.map(({ text, startMs, endMs }) => ({
      word: text,
      confidence,
      start: startMs / 1000,
      end: endMs / 1000,
    })),
    end_of_turn_confidence: END_CONFIDENCE[event],
  };
}
