import type { voice } from '@livekit/agents';
import { INPUT_RATE_HZ } from '../audio-input.js';

type StartOptions = Parameters<voice.AgentSession['start']>[0];

/** A room's source takes 10 ms at a time, in whole samples. */
const isWholeFrameRate = (rateHz: number) => rateHz % 100 === 0;

/**
 * For `session.start({ agent, room, ...roomOptions(session.tts) })`: keeps LiveKit's resamplers, whose first output waits for
 * 20 to 40 ms of sound, out of both ways. The ears get 16 kHz, and the room the voice's own rate.
 * @param speaker the session's voice; LiveKit's 24 kHz go out where there is none, or where the room cannot take its rate
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
