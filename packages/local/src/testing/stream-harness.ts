import { FirstwordError, type Transcript } from '@firstword/turn';
import type { DecodeRequest } from '../stt/engine.js';
import type { Decoded } from '../stt/protocol.js';
import { Scheduler } from '../stt/scheduler.js';
import { MoonshineStream } from '../stt/stream.js';

/** The error of a crashed engine. */
export const DEATH = new FirstwordError('worker_died', 'gone', { retryable: true });

/** A stream on a simulated engine; the test supplies its results. */
export function harness(options: { maxSegmentMs?: number } = {}) {
  const heard: Transcript[] = [];
  const errors: Error[] = [];
  let unusable: FirstwordError | undefined;
  let job: { request: DecodeRequest; resolve(d: Decoded): void; reject(e: Error): void } | undefined;
  const requests: DecodeRequest[] = [];
  let cancels = 0;
  const engine = {
    get free() {
      return job === undefined;
    },
    decode: (request: DecodeRequest) =>
      new Promise<Decoded>((resolve, reject) => {
        requests.push(request);
        job = { request, resolve, reject };
      }),
    cancel: () => {
      cancels += 1;
    },
  };
  const scheduler = new Scheduler(engine);
  const stream = new MoonshineStream({
    handlers: { onTranscript: (t) => heard.push(t), onError: (e) => errors.push(e) },
    times: { interimEveryMs: 300, maxSegmentMs: options.maxSegmentMs ?? 20_000 },
    detectDips: true,
    nudge: () => scheduler.nudge(),
    unusable: () => unusable,
    onClose: () => scheduler.remove(stream),
  });
  scheduler.add(stream);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    stream,
    heard,
    errors,
    requests,
    settle,
    cancels: () => cancels,
    texts: (kind: Transcript['kind']) => heard.filter((t) => t.kind === kind).map((t) => t.text),
    breakDown: (error: FirstwordError) => {
      unusable = error;
    },
    async answer(text: string, extra: Partial<Decoded> = {}) {
      const current = job;
      job = undefined;
      const tokens = [...text].map((_, i) => i);
      current?.resolve({ text, tokens, endConfidence: 0.9, decodeMs: 5, cancelled: false, ...extra });
      await settle();
    },
    async die() {
      const current = job;
      job = undefined;
      current?.reject(DEATH);
      stream.engineDown(DEATH, 'work');
      await settle();
    },
  };
}
