import type { TTSRequest, TTSRequestOptions } from './wrapped-tts.js';

/** One TTS of a group. */
export interface GroupMember {
  readonly label: string;
  /** Failed attempts after which the next TTS speaks. */
  readonly retries: number;
  request(text: string, options: TTSRequestOptions): TTSRequest;
  /** Opens a request that takes clauses one by one. */
  stream(options: TTSRequestOptions): TTSRequest;
  /** Notes that the TTS ended its stream before it had read all clauses: from now on each is a request of its own. */
  noteEndsAtFlush(): void;
  /** Notes that the TTS has failed. */
  noteFailure(): void;
  /** Audio at the sample rate of the group. */
  resampled(audio: AsyncGenerator<Int16Array>): AsyncGenerator<Int16Array>;
}
