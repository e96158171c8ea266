import { PushAudioInput } from './audio-input.js';
import { PacedAudioOutput } from './audio-output.js';
import { MeasuredInput } from './room/measured-input.js';
import { MeasuredOutput } from './room/measured-output.js';

/** Whether an input measures where the caller's speech ended. */
export const hasSpeechEdges = (input: unknown): input is PushAudioInput | MeasuredInput =>
  input instanceof PushAudioInput || input instanceof MeasuredInput;

/** Whether an output reports when an answer is sent. */
export const isTraced = (output: unknown): output is PacedAudioOutput | MeasuredOutput =>
  output instanceof PacedAudioOutput || output instanceof MeasuredOutput;
