import { APIConnectionError, initializeLogger, stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { ScriptedVAD } from '../testing/scripted.js';
import { EagerSTT } from './eager-stt.js';

const { SpeechEventType: Type } = stt;

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** An engine that reports its usage at the end of the audio, or fails at the first frame. */
class TinySTT extends stt.STT {
  override label = 'tiny';
  failing = false;
  closed = 0;
  readonly keyterms: string[][] = [];
  readonly offsets: number[] = [];

  constructor() {
    super({ streaming: true, interimResults: true, diarization: true });
  }

  override get model(): string {
    return 'tiny-1';
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    return { type: Type.FINAL_TRANSCRIPT };
  }

  override _updateSessionKeyterms(keyterms: string[]): void {
    this.keyterms.push(keyterms);
  }

  override stream(): stt.SpeechStream {
    return new TinyStream(this);
  }

  override async close(): Promise<void> {
    this.closed++;
  }
}

class TinyStream extends stt.SpeechStream {
  override label = 'tiny-stream';
  readonly #owner: TinySTT;

  constructor(owner: TinySTT) {
    super(owner, undefined, { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 });
    this.#owner = owner;
  }

  protected override async run(): Promise<void> {
    this.#owner.offsets.push(this.startTimeOffset);
    let frames = 0;
    for await (const frame of this.input) {
      if (this.#owner.failing) throw new APIConnectionError({ message: 'gone' });
      if (typeof frame !== 'symbol') frames++;
    }
    this.queue.put({
      type: Type.RECOGNITION_USAGE,
      requestId: 'r',
      recognitionUsage: { audioDuration: frames },
    });
  }
}

const frame = () => new AudioFrame(new Int16Array(160), 16_000, 1, 160);

async function drain(stream: stt.SpeechStream): Promise<stt.SpeechEvent[]> {
  const events: stt.SpeechEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('EagerSTT', () => {
  it('exposes the label, model and capabilities of the wrapped engine', () => {
    const inner = new TinySTT();
    const eager = new EagerSTT(inner);
    expect(eager.model).toBe('tiny-1');
    expect(eager.capabilities).toEqual(inner.capabilities);
    expect(eager.label).toContain('tiny');
  });

  it('counts usage once', async () => {
    const eager = new EagerSTT(new TinySTT());
    const metrics: number[] = [];
    eager.on('metrics_collected', (m) => metrics.push(m.audioDurationMs));
    const stream = eager.stream();
    stream.pushFrame(frame());
    stream.pushFrame(frame());
    stream.endInput();
    expect(await drain(stream)).toHaveLength(1);
    expect(metrics).toEqual([2_000]);
  });

  it('passes an engine failure on, and ends its stream', async () => {
    const inner = new TinySTT();
    inner.failing = true;
    const eager = new EagerSTT(inner);
    const errors: { message: string; recoverable: boolean }[] = [];
    eager.on('error', ({ error, recoverable }) => errors.push({ message: error.message, recoverable }));
    const stream = eager.stream();
    stream.pushFrame(frame());
    expect(await drain(stream)).toEqual([]);
    expect(errors).toEqual([{ message: 'gone', recoverable: false }]);
    stream.pushFrame(frame());
    stream.close();
  });

  it('keeps the engine’s clock in step with the session’s', async () => {
    const inner = new TinySTT();
    const stream = new EagerSTT(inner).stream();
    stream.startTimeOffset = 42;
    stream.endInput();
    await drain(stream);
    expect(Math.floor(inner.offsets[0] ?? 0)).toBe(42);
  });

  it('passes keyterms on, and closes the engine', async () => {
    const inner = new TinySTT();
    const eager = new EagerSTT(inner);
    eager._updateSessionKeyterms(['Firstword']);
    await eager.close();
    expect(inner.keyterms).toEqual([['Firstword']]);
    expect(inner.closed).toBe(1);
    expect(inner.listenerCount('error')).toBe(0);
  });

  it.each(['takes no more audio', 'fails', 'ends by itself'])(
    'keeps transcribing with a VAD that %s',
    async (fault) => {
      const vad = new ScriptedVAD();
      const open = vad.stream.bind(vad);
      vad.stream = () => {
        const stream = open();
        if (fault === 'fails') stream.next = () => Promise.reject(new Error('no model'));
        else if (fault === 'ends by itself') stream.close();
        else
          stream.pushFrame = () => {
            throw new Error('Stream is closed');
          };
        return stream;
      };
      const stream = new EagerSTT(new TinySTT(), { vad }).stream();
      for (let i = 0; i < 3; i++) stream.pushFrame(frame());
      stream.endInput();
      const [usage] = await drain(stream);
      expect(usage?.recognitionUsage?.audioDuration).toBe(3);
    },
  );

  it('stops the inner stream when it is closed', async () => {
    const stream = new EagerSTT(new TinySTT()).stream();
    stream.pushFrame(frame());
    stream.close();
    expect(await drain(stream)).toEqual([]);
  });
});
