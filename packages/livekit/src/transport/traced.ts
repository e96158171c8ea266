import type { voice } from '@livekit/agents';
import { outputsAfter } from '../internals/output-chain.js';
import { PushAudioInput } from './audio-input.js';
import { PacedAudioOutput } from './audio-output.js';
import { MeasuredInput } from './room/measured-input.js';
import { MeasuredOutput } from './room/measured-output.js';

/** Whether an input measures where the caller's speech ended. */
export const hasSpeechEdges = (input: unknown): input is PushAudioInput | MeasuredInput =>
  input instanceof PushAudioInput || input instanceof MeasuredInput;

const isTraced = (output: unknown): output is PacedAudioOutput | MeasuredOutput =>
  output instanceof PacedAudioOutput || output instanceof MeasuredOutput;

/**
 * The output that reports when an answer is sent: the session's own, or one behind it. LiveKit puts its transcript synchronizer
 * and its recorder before an output.
 */
export function tracedOutput(
  output: voice.AudioOutput | null,
): PacedAudioOutput | MeasuredOutput | undefined {
  return output ? [output, ...outputsAfter(output)].find(isTraced) : undefined;
}
