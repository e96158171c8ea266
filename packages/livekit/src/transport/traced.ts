import { PushAudioInput } from './audio-input.js';
import { PacedAudioOutput } from './audio-output.js';
import { HeardInput } from './room/heard-input.js';
import { WatchedOutput } from './room/watched-output.js';

/** Whether an input remembers where the caller's speech ended. */
export const isHearing = (input: unknown): input is PushAudioInput | HeardInput =>
  input instanceof PushAudioInput || input instanceof HeardInput;

/** Whether an output tells when an answer leaves. */
export const isTraced = (output: unknown): output is PacedAudioOutput | WatchedOutput =>
  output instanceof PacedAudioOutput || output instanceof WatchedOutput;
