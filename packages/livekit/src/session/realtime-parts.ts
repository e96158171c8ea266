import { FirstwordError } from '@firstword/turn';
import { llm } from '@livekit/agents';
import type { ActivityParts } from '../internals/session-activity.js';
import { RESCUE_AFTER_MS } from '../realtime/rescue-options.js';
import type { FirstwordOptions } from './firstword-options.js';

/** Whether a session's model makes its speech itself: a realtime model, unless it is in text mode. */
export const speaksItself = (model: unknown): boolean =>
  model instanceof llm.RealtimeModel && model.capabilities.audioOutput;

type Parts = Pick<ActivityParts, 'llm' | 'tts'>;

const llmOf = (rescue: FirstwordOptions['rescue']) => (rescue ? rescue.llm : undefined);

type RealtimeOptions = Pick<FirstwordOptions, 'rescue' | 'answerWith'>;

/**
 * Checks that a session with a realtime model can speak.
 * @returns a warning if nothing that the model says can be heard: text mode without a TTS
 * @throws FirstwordError `bad_input` if an LLM is to answer and there is no TTS, or if GPT-Live does not delegate to the client
 */
export function checkRealtimeParts(
  { llm: model, tts }: Parts,
  { rescue, answerWith }: RealtimeOptions,
): string | undefined {
  if (!(model instanceof llm.RealtimeModel)) return undefined;
  if (model instanceof llm.DuplexRealtimeAdapter) {
    // Tools can change where the provider does the work.
    if (answerWith && model.capabilities.midSessionToolsUpdate)
      throw new FirstwordError(
        'bad_input',
        `${model.model} delegates to a model of its provider, so firstword.answerWith would never be asked: give it delegation: 'client'.`,
      );
    return undefined;
  }
  if (tts) return undefined;
  const refuse = (situation: string, instead: string): never => {
    const todo = `Set tts on the session or on its agent, or ${instead}.`;
    throw new FirstwordError('bad_input', `The realtime model ${model.model} ${situation}. ${todo}`);
  };
  if (answerWith)
    refuse(
      'only hears, and there is no TTS to speak the answers of firstword.answerWith',
      'leave answerWith out',
    );
  if (llmOf(rescue))
    refuse(
      'is rescued by firstword.rescue.llm, and there is no TTS to speak its answers',
      'leave rescue.llm out',
    );
  return speaksItself(model)
    ? undefined
    : `The realtime model ${model.model} is in text mode, and there is no TTS: nothing is heard. Set tts on the session or on its agent, or give the model the modality audio.`;
}

/** Who answers in the place of a realtime model, for the log line of a session's start. */
export function realtimeChanges(
  { llm: model }: Parts,
  { rescue, answerWith }: RealtimeOptions,
): Record<string, unknown> {
  if (!(model instanceof llm.RealtimeModel)) return {};
  const nameOf = (other: llm.LLM) => `${other.provider} ${other.model}, and the TTS`;
  const isDuplex = model instanceof llm.DuplexRealtimeAdapter;
  if (answerWith)
    return {
      'firstword.answerWith': isDuplex ? `${answerWith.provider} ${answerWith.model}` : nameOf(answerWith),
    };
  if (rescue === false) return {};
  const { afterMs = RESCUE_AFTER_MS, llm: other } = rescue ?? {};
  return {
    'firstword.rescue.afterMs': afterMs,
    'firstword.rescue.by': other ? nameOf(other) : 'the realtime model',
  };
}
