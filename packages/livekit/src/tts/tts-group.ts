import type { Clock } from '@firstword/turn';
import { log, loggerOptions, tts } from '@livekit/agents';
import { AudioFrame, type AudioResampler } from '@livekit/rtc-node';
import { ClauseRequests } from './clause-requests.js';
import type { GroupMember } from './group-member.js';
import { GroupRequest } from './group-request.js';
import { type TTSRequest, type TTSRequestOptions, WrappedTTS } from './wrapped-tts.js';

/**
 * The TTSs that may speak an answer: the wrapped one, or those inside LiveKit's `FallbackAdapter`, in its order and with its
 * settings. The adapter's own stream is not used: if one of its TTSs fails during an answer, it reports the answer as complete.
 */
export class TTSGroup {
  /** The TTS that the user has given. */
  readonly tts: tts.TTS;
  readonly #clock: Clock;
  readonly #members: Member[];
  readonly #adapter: tts.FallbackAdapter | undefined;
  readonly #onForwarded: (error: Error) => void;

  /** @param onForwarded called with the error of a TTS after which the answer goes on, through another one */
  constructor(inner: tts.TTS, clock: Clock, onForwarded: (error: Error) => void) {
    this.tts = inner;
    this.#clock = clock;
    this.#onForwarded = onForwarded;
    this.#adapter = inner instanceof tts.FallbackAdapter ? inner : undefined;
    const parts = this.#adapter?.ttsInstances ?? [inner];
    this.#members = parts.map((part, index) => {
      const wrapped = new WrappedTTS(part, clock, onForwarded);
      return new Member(wrapped, this.#adapter ? { adapter: this.#adapter, index } : undefined);
    });
    // It passes on the errors of its TTSs, which are reported here; without a listener they would end the process.
    this.#adapter?.on('error', ignore);
  }

  /** Requests the audio of one text. */
  request(text: string, options: TTSRequestOptions): TTSRequest {
    return this.#open((member) => member.request(text, options), { ...options, isWhole: true });
  }

  /** Opens a request that takes clauses one by one. */
  stream(options: TTSRequestOptions): TTSRequest {
    return this.#open((member) => member.stream(options), { ...options, isWhole: false });
  }

  /** Connects the TTS that the next answer is for, if it can do so in advance. */
  warm(): void {
    const [next = this.#members[0]!] = this.#members.filter(({ isUp }) => isUp);
    next.wrapped.warm();
  }

  /** Stops listening to the TTSs. Does not close them. */
  detach(): void {
    for (const { wrapped } of this.#members) wrapped.detach();
  }

  #open(
    open: (member: GroupMember) => TTSRequest,
    { conn, isWhole }: TTSRequestOptions & { isWhole: boolean },
  ): GroupRequest {
    return new GroupRequest({
      members: this.#available(),
      open,
      isWhole,
      conn,
      clock: this.#clock,
      rateHz: this.tts.sampleRate,
      onPassedOver: this.#onForwarded,
    });
  }

  /** The TTSs that are not known to be down; all of them if none is left. */
  #available(): Member[] {
    const up = this.#members.filter((member) => member.isUp);
    if (up.length === 0) return this.#members;
    // As the adapter does: one that is down is tested again, unless that is under way.
    for (const member of this.#members) if (!member.isUp) member.noteFailure();
    return up;
  }
}

const ignore = () => {};

class Member implements GroupMember {
  readonly wrapped: WrappedTTS;
  readonly #place: { adapter: tts.FallbackAdapter; index: number } | undefined;
  #endsAtFlush = false;

  constructor(wrapped: WrappedTTS, place: { adapter: tts.FallbackAdapter; index: number } | undefined) {
    this.wrapped = wrapped;
    this.#place = place;
  }

  get label(): string {
    return this.wrapped.tts.label;
  }

  get retries(): number {
    return this.#place?.adapter.maxRetryPerTTS ?? 0;
  }

  get isUp(): boolean {
    return this.#place?.adapter.status[this.#place.index]?.available ?? true;
  }

  request(text: string, options: TTSRequestOptions): TTSRequest {
    return this.wrapped.request(text, options);
  }

  stream(options: TTSRequestOptions): TTSRequest {
    const { streaming } = this.wrapped.tts.capabilities;
    if (streaming && !this.#endsAtFlush) return this.wrapped.stream(options);
    return new ClauseRequests((text) => this.wrapped.request(text, options));
  }

  noteEndsAtFlush(): void {
    if (this.#endsAtFlush) return;
    this.#endsAtFlush = true;
    if (!loggerOptions()) return;
    log().warn(
      { tts: this.label },
      `firstword: ${this.label} ends its stream after the first clause; each clause is now a request of its own`,
    );
  }

  noteFailure(): void {
    this.#place?.adapter.markUnAvailable(this.#place.index);
  }

  async *resampled(audio: AsyncGenerator<Int16Array>): AsyncGenerator<Int16Array> {
    const resampler = this.#place?.adapter.createResamplerForTTS(this.#place.index);
    if (!resampler) return yield* audio;
    const { sampleRate, numChannels } = this.wrapped.tts;
    try {
      for await (const samples of audio) {
        const frame = new AudioFrame(samples, sampleRate, numChannels, samples.length / numChannels);
        yield* dataOf(resampler.push(frame));
      }
      yield* dataOf(resampler.flush());
    } finally {
      resampler.close();
    }
  }
}

const dataOf = (frames: ReturnType<AudioResampler['flush']>) => frames.map(({ data }) => data);
