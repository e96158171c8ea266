import type { Clock } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, APIError, intervalForRetry } from '@livekit/agents';
import { pause } from '../llm/pause.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import type { GroupMember } from './group-member.js';
import { noAudio, type TTSRequest } from './wrapped-tts.js';

/** Options of a `GroupRequest`. */
export interface GroupRequestOptions {
  /** The TTSs to try, in this order; at least one. */
  members: readonly GroupMember[];
  /** Opens the request to one of them. */
  open(member: GroupMember): TTSRequest;
  /** `open` sends the whole text; nothing is pushed. */
  isWhole: boolean;
  conn: APIConnectOptions;
  clock: Clock;
  rateHz: number;
  /** Called with each error after which the request goes on. */
  onPassedOver(error: Error): void;
}

/**
 * A request to the TTSs of a group. It goes on until all text is spoken: through the next TTS if one fails before it was
 * audible, and through a new stream if a TTS ends its stream before it has read all clauses. Audio is never repeated: a TTS that
 * fails after it was audible fails the request.
 */
export class GroupRequest implements TTSRequest {
  readonly #options: GroupRequestOptions;
  readonly #stop = new AbortController();
  /** The text sent so far, for the next TTS. `isClause`: it was pushed, not written. */
  readonly #sent: { text: string; isClause: boolean }[] = [];
  #current: TTSRequest;
  #member = 0;
  #retries = 0;
  #ended: boolean;
  #isAudible = false;

  constructor(options: GroupRequestOptions) {
    this.#options = options;
    this.#ended = options.isWhole;
    this.#current = options.open(options.members[0]!);
  }

  get closed(): boolean {
    return this.#stop.signal.aborted;
  }

  push(text: string): void {
    this.#sent.push({ text, isClause: true });
    this.#current.push(text);
  }

  write(text: string): void {
    this.#sent.push({ text, isClause: false });
    this.#current.write(text);
  }

  endInput(): void {
    this.#ended = true;
    this.#current.endInput();
  }

  async *audio(): AsyncGenerator<Int16Array> {
    try {
      while (!this.closed) {
        const failure = yield* this.#listen();
        if (this.closed) return;
        if (failure) await this.#recover(failure);
        else if (this.#isComplete) return;
        else this.#continue();
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.closed) return;
    this.#stop.abort();
    this.#current.close();
  }

  /** Passes on the audio of the current request. Returns its failure. */
  async *#listen(): AsyncGenerator<Int16Array, Error | undefined> {
    const { members, rateHz, isWhole } = this.#options;
    let hasAudio = false;
    try {
      for await (const samples of members[this.#member]!.resampled(this.#current.audio())) {
        hasAudio = true;
        if (!this.#isAudible) this.#isAudible = firstAudibleSample(samples, rateHz) >= 0;
        yield samples;
      }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    const hasText = isWhole || this.#sent.length > 0;
    return hasText && !hasAudio && members.length > 1 ? noAudio('no audio') : undefined;
  }

  /** Whether the TTS has read all text. It may end its stream before, by itself. */
  get #isComplete(): boolean {
    return this.#options.isWhole || (this.#ended && !this.#current.unread);
  }

  /** Sends what the TTS has not read, and what follows, as requests of their own. */
  #continue(): void {
    const { unread = 0 } = this.#current;
    const rest = unread === 0 ? [] : this.#sent.filter(({ isClause }) => isClause).slice(-unread);
    this.#options.members[this.#member]!.noteEndsAtFlush();
    this.#reopen(rest);
  }

  /** Makes the request again, or to the next TTS. @throws the failure, if nothing is left to try */
  async #recover(failure: Error): Promise<void> {
    const { members, conn, clock, onPassedOver } = this.#options;
    if (this.#isAudible) throw failure;
    const member = members[this.#member]!;
    const isRetryable = failure instanceof APIError && failure.retryable;
    if (isRetryable && this.#retries < member.retries) {
      onPassedOver(failure);
      await pause(intervalForRetry(conn, this.#retries), { clock, signal: this.#stop.signal });
      this.#retries += 1;
    } else {
      member.noteFailure();
      if (this.#member + 1 >= members.length) throw this.#allFailed(failure);
      onPassedOver(failure);
      this.#member += 1;
      this.#retries = 0;
    }
    if (!this.closed) this.#reopen(this.#sent);
  }

  #reopen(texts: readonly { text: string; isClause: boolean }[]): void {
    this.#current = this.#options.open(this.#options.members[this.#member]!);
    if (this.#options.isWhole) return;
    for (const { text, isClause } of texts) {
      if (isClause) this.#current.push(text);
      else this.#current.write(text);
    }
    if (this.#ended) this.#current.endInput();
  }

  #allFailed(last: Error): Error {
    const { members } = this.#options;
    if (members.length === 1) return last;
    const labels = members.map(({ label }) => label).join(', ');
    return new APIConnectionError({ message: `All TTSs failed (${labels}); the last: ${last.message}` });
  }
}
