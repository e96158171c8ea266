import { AsyncResource } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { APIConnectionError, type APIConnectOptions, stt } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** What becomes of a connection: it opens, is refused, never opens, or the STT needs none. */
export type ConnectionPlan = 'opens' | 'is refused' | 'hangs' | 'none';

const ONCE: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 };

/** A streaming STT on emulated WebSockets, which Node reports as it does real ones, and which the test breaks. */
export class BreakingSTT extends stt.STT {
  override label = 'breaking';
  readonly streams: BreakingStream[] = [];
  /** For the next connections, in order; after them, `opens`. */
  plan: ConnectionPlan[] = [];

  constructor() {
    super({ streaming: true, interimResults: true });
  }

  get newest(): BreakingStream {
    return this.streams.at(-1)!;
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    return { type: stt.SpeechEventType.FINAL_TRANSCRIPT };
  }

  override stream(): BreakingStream {
    const stream = new BreakingStream(this, this.plan.shift() ?? 'opens');
    this.streams.push(stream);
    return stream;
  }
}

/** One of its streams. */
export class BreakingStream extends stt.SpeechStream {
  override label = 'breaking-stream';
  /** The first samples of the frames that its connections were sent. */
  readonly sent: number[] = [];
  readonly #plan: ConnectionPlan;
  readonly #context = new AsyncResource('BreakingStream');
  #socket = new EventEmitter();
  #open = () => {};
  /** The connection was ended at once by whoever watches it. */
  isHungUp = false;
  #fail: (error: Error) => void = () => {};

  constructor(owner: BreakingSTT, plan: ConnectionPlan) {
    super(owner, undefined, ONCE);
    this.#plan = plan;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** The service hears words. */
  hear(type: stt.SpeechEventType, text = ''): void {
    const alternatives: stt.SpeechEvent['alternatives'] = [
      { text, language: 'en' as stt.SpeechData['language'], startTime: 0, endTime: 0, confidence: 0.5 },
    ];
    this.queue.put({ type, ...(text === '' ? {} : { alternatives }) });
  }

  /** A connection that hangs opens after all. */
  openLate(): void {
    this.#open();
  }

  /** The service closes the connection; the stream itself does not notice, as Deepgram's. */
  drop(): void {
    this.#socket.emit('close');
  }

  /** The stream asks for another connection, and then closes the one it has. */
  reconnect(): void {
    const old = this.#socket;
    this.#context.runInAsyncScope(() => this.#connect());
    old.emit('close');
  }

  /** The stream fails. */
  fail(message: string): void {
    this.#fail(new APIConnectionError({ message }));
  }

  protected override async run(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    if (this.#plan !== 'none') this.#connect();
    if (this.#plan === 'is refused') throw new APIConnectionError({ message: 'refused' });
    if (this.#plan === 'hangs') await failed;
    await Promise.race([this.#read(), failed]);
  }

  #connect(): void {
    const request = new EventEmitter();
    this.#socket = new EventEmitter();
    channel('http.client.request.start').publish({ request });
    this.#open = () =>
      request.emit('upgrade', {}, Object.assign(this.#socket, { destroy: () => this.#hangUp() }));
    if (this.#plan === 'opens') this.#open();
  }

  #hangUp(): void {
    this.isHungUp = true;
  }

  async #read(): Promise<void> {
    for await (const frame of this.input)
      if (typeof frame !== 'symbol') this.sent.push((frame as AudioFrame).data[0]!);
  }
}
