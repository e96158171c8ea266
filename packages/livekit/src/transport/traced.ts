import { PushAudioInput } from './audio-input.js';
import { PacedAudioOutput } from './audio-output.js';
import { MeasuredInput } from './room/measured-input.js';
import { MeasuredOutput } from './room/measured-output.js';

/** Whether an input remembers where the caller's speech ended. */
export const hasSpeechEdges = (input: unknown): input is PushAudioInput | MeasuredInput =>
  input instanceof PushAudioInput || input instanceof MeasuredInput;

/** Whether an output tells when an answer leaves. */
export const isTraced = (output: unknown): output is PacedAudioOutput | MeasuredOutput =>
  output instanceof PacedAudioOutput || output instanceof MeasuredOutput;
