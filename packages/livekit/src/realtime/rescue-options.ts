import { FirstwordError } from '@firstword/turn';
import { llm } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';

/** When the answer of a realtime model that says nothing is replaced, and by what. */
export interface RescueOptions {
  /**
   * Silence after the provider's end of the turn before the answer is replaced, ms, > 0. Default 3,000: of 1,917 published
   * answers of seven realtime models, 0 to 3.3 % per model were later than that (docs/realtime.md). The answer is replaced
   * earlier if a response is completed without an audible sample, fails, does not begin within a second, or has words
   * without audio.
   */
  afterMs?: number;
  /**
   * LLM that answers from the same conversation, with the session's TTS: a router as `new FirstwordLLM(router({ … }))`, or
   * any LLM. Default: none; the realtime model is asked again.
   */
  llm?: llm.LLM;
}

/** Default of `RescueOptions.afterMs`. */
export const RESCUE_AFTER_MS = 3000;

/** @throws FirstwordError `bad_input` naming the option, its value and what it may be; `two_copies` if the LLM is of another copy of LiveKit */
export function checkRescue({ afterMs, llm: model }: RescueOptions): void {
  if (afterMs !== undefined && !(afterMs > 0))
    throw new FirstwordError('bad_input', `firstword.rescue.afterMs is ${String(afterMs)}; use more than 0.`);
  assertSameCopy({ 'firstword.rescue.llm': model });
  if (model !== undefined && !(model instanceof llm.LLM))
    throw new FirstwordError(
      'bad_input',
      'firstword.rescue.llm is no LLM of LiveKit; use new FirstwordLLM(…), or an LLM of one of LiveKit’s plugins.',
    );
}
