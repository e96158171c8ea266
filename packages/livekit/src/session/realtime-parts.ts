import { FirstwordError } from '@firstword/turn';
import { llm } from '@livekit/agents';
import type { ActivityParts } from '../internals/session-activity.js';
import { RESCUE_AFTER_MS } from '../realtime/rescue.js';
import type { FirstwordOptions } from './firstword-options.js';

/** Whether a session's model makes its speech itself: a realtime model, unless it is in text mode. */
export const speaksItself = (model: unknown): boolean =>
  model instanceof llm.RealtimeModel && model.capabilities.audioOutput;

type Parts = Pick<ActivityParts, 'llm' | 'tts'>;

type RealtimeOptions = Pick<FirstwordOptions, 'rescue' | 'answerWith'>;

/**
 * Checks that a session with a realtime model can speak.
 * @throws FirstwordError `bad_input` if the model is in text mode, or an LLM is to answer, and there is no TTS
 */
export function checkRealtimeParts(
  { llm: model, tts }: Parts,
  { rescue, answerWith }: RealtimeOptions,
): void {
  if (!(model instanceof llm.RealtimeModel) || tts) return;
  const refuse = (situation: string, instead: string): never => {
    const todo = `Set tts on the session or on its agent, or ${instead}.`;
    throw new FirstwordError('bad_input', `The realtime model ${model.model} ${situation}. ${todo}`);
  };
  if (answerWith)
    refuse(
      'only hears, and there is no TTS to speak the answers of firstword.answerWith',
      'leave answerWith out',
    );
  if (!speaksItself(model))
    refuse(
      'is in text mode, and there is no TTS: nothing would be heard',
      'give the model the modality audio',
    );
  if (rescue && rescue.llm)
    refuse(
      'is rescued by firstword.rescue.llm, and there is no TTS to speak its answers',
      'leave rescue.llm out',
    );
}

/** Who answers in the place of a realtime model, for the log line of a session's start. */
export function realtimeChanges(
  { llm: model }: Parts,
  { rescue, answerWith }: RealtimeOptions,
): Record<string, unknown> {
  if (!(model instanceof llm.RealtimeModel)) return {};
  const nameOf = (other: llm.LLM) => `${other.provider} ${other.model}, and the TTS`;
  if (answerWith) return { 'firstword.answerWith': nameOf(answerWith) };
  if (rescue === false) return {};
  const { afterMs = RESCUE_AFTER_MS, llm: other } = rescue ?? {};
  return {
    'firstword.rescue.afterMs': afterMs,
    'firstword.rescue.by': other ? nameOf(other) : 'the realtime model',
  };
}
