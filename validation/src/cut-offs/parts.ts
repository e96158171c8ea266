import { systemClock, type TextToSpeech } from '@firstword/turn';
import { llm } from '@livekit/agents';

/** Waits for this time, ms. */
export const sleep = (ms: number) => new Promise<void>((resolve) => systemClock.schedule(ms, resolve));

const RATE_HZ = 24_000;
const FRAME_MS = 20;

/** An LLM that answers when `ready` resolves, and keeps what it was asked. */
export class TimedLlm extends llm.LLM {
  /** The newest words of the caller in each request. */
  readonly asked: string[] = [];
  ready: () => Promise<void> = () => sleep(20);

  override label(): string {
    return 'timed';
  }

  override chat({ chatCtx, toolCtx, connOptions }: Parameters<llm.LLM['chat']>[0]): llm.LLMStream {
    const words = chatCtx.items.flatMap((item) =>
      item.type === 'message' && item.role === 'user' ? [item.textContent ?? ''] : [],
    );
    this.asked.push(words.join(' | '));
    const conn = connOptions ?? { maxRetry: 0, retryIntervalMs: 100, timeoutMs: 10_000 };
    return new TimedReply(this, { chatCtx, toolCtx, connOptions: conn }, this.ready);
  }
}

class TimedReply extends llm.LLMStream {
  readonly #ready: () => Promise<void>;

  constructor(
    model: TimedLlm,
    options: ConstructorParameters<typeof llm.LLMStream>[1],
    ready: () => Promise<void>,
  ) {
    super(model, options);
    this.#ready = ready;
  }

  protected override async run(): Promise<void> {
    await this.#ready();
    if (this.abortController.signal.aborted) return;
    this.queue.put({ id: 'r', delta: { role: 'assistant', content: 'Of course, I will see to that.' } });
  }
}

/** A TTS that begins when `begins` resolves and then speaks for `toneMs`. */
export class TimedTone implements TextToSpeech {
  readonly provider = 'timed';
  readonly model = 'tone';
  readonly voice = 'tone';
  readonly sampleRateHz = RATE_HZ;
  begins: () => Promise<void> = () => sleep(20);
  toneMs = 2_000;

  async ready(): Promise<void> {}

  async *synthesize(_text: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<Int16Array> {
    await this.begins();
    for (let atMs = 0; atMs < this.toneMs && !options.signal?.aborted; atMs += FRAME_MS) {
      yield Int16Array.from(
        { length: (RATE_HZ * FRAME_MS) / 1000 },
        (_, i) => 6000 * Math.sin((2 * Math.PI * 250 * i) / RATE_HZ),
      );
    }
  }

  async close(): Promise<void> {}
}
