import type { voice } from '@livekit/agents';
import { INPUT_RATE_HZ } from '../audio-input.js';

type StartOptions = Parameters<voice.AgentSession['start']>[0];

/** A room's source takes 10 ms at a time, which must be a whole number of samples. */
const isWholeFrameRate = (rateHz: number) => rateHz % 100 === 0;

/**
 * For `session.start({ agent, room, ...roomOptions(session.tts) })`: avoids LiveKit's resamplers in both directions, which
 * delay the first output by 20 to 40 ms. The STT gets 16 kHz, and the room gets the TTS's own rate.
 * @param speaker the session's TTS. Without one, or if its rate is no multiple of 100 Hz, LiveKit's 24 kHz are sent
 */
export function roomOptions(speaker?: {
  readonly sampleRate: number;
}): Pick<StartOptions, 'inputOptions' | 'outputOptions'> {
  const rateHz = speaker?.sampleRate;
  return {
    inputOptions: { audioSampleRate: INPUT_RATE_HZ },
    ...(rateHz !== undefined && isWholeFrameRate(rateHz)
      ? { outputOptions: { audioSampleRate: rateHz } }
      : {}),
  };
}

/**
 * The options of `session.start()` with the rates of `roomOptions`, unless the user has set rates. Everything else, such as
 * noise cancellation, is kept.
 *
 * @param rates.input whether to set the input's rate
 * @param rates.output the TTS whose rate the output gets; absent: the output's rate stays
 */
export function mergeRoomOptions(
  start: StartOptions,
  rates: { input: boolean; output: { readonly sampleRate: number } | undefined },
): StartOptions {
  const { inputOptions, outputOptions } = roomOptions(rates.output);
  const merged = { ...start };
  if (rates.input && start.inputOptions?.audioSampleRate === undefined)
    merged.inputOptions = { ...start.inputOptions, ...inputOptions };
  if (outputOptions && start.outputOptions?.audioSampleRate === undefined)
    merged.outputOptions = { ...start.outputOptions, ...outputOptions };
  return merged;
}
