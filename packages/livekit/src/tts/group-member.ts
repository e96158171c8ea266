import type { APIConnectOptions } from '@livekit/agents';
import type { SingleRequest, TTSRequest } from './wrapped-tts.js';

/** How long requests wait, and for what. */
export interface MemberRequestOptions {
  conn: APIConnectOptions;
  stallMs: number;
}

/** One TTS of a group. */
export interface GroupMember {
  readonly label: string;
  /** Failed attempts after which the next TTS speaks. */
  readonly retries: number;
  request(text: string, options: MemberRequestOptions): TTSRequest;
  /** Opens a request that takes clauses one by one. */
  stream(options: MemberRequestOptions): TTSRequest | SingleRequest;
  /** Notes that the TTS ended its stream before it had read all clauses: from now on each is a request of its own. */
  endsAtFlush(): void;
  /** Notes that the TTS has failed. */
  failed(): void;
  /** Audio at the sample rate of the group. */
  resampled(audio: AsyncGenerator<Int16Array>): AsyncGenerator<Int16Array>;
}
