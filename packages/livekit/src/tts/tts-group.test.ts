import { APIConnectionError, APIStatusError, initializeLogger, log, tokenize, tts } from '@livekit/agents';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SCRIPTED_RATE_HZ, ScriptedTTS, SPOKEN, type TTSStep, tone } from '../testing/scripted-tts.js';
import { ClauseTTS } from './clause-tts.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const CLAUSES = ['Hello there.', 'How are you?', 'I am fine.'];
const refused = () =>
  new APIStatusError({ message: 'refused', options: { statusCode: 401, retryable: false } });
const reset = () => new APIConnectionError({ message: 'reset' });
/** The script of a TTS that fails. The adapter's test whether it is up again has no end. */
const failing =
  (steps: () => TTSStep[]) =>
  (text: string): TTSStep[] =>
    text.includes('recovery test') ? ['stall'] : steps();
const noWait = { maxRetry: 1, retryIntervalMs: 0, timeoutMs: 5000 };

/** Speaks `CLAUSES`. Returns the duration of the audible audio in ms, and the errors, `!` for those that are not recoverable. */
async function speak(inner: tts.TTS, clauseTts = new ClauseTTS(inner)) {
  const errors: string[] = [];
  const note = ({ error, recoverable }: { error: Error; recoverable: boolean }) =>
    errors.push(`${error.message}${recoverable ? '' : '!'}`);
  clauseTts.on('error', note);
  const stream = clauseTts.stream({ connOptions: noWait });
  for (const clause of CLAUSES) stream.pushText(`${clause} `);
  stream.endInput();
  let audible = 0;
  for await (const event of stream) {
    if (event === tts.SynthesizeStream.END_OF_STREAM) continue;
    audible += event.frame.data.filter((sample) => sample !== 0).length;
  }
  clauseTts.off('error', note);
  return { audibleMs: Math.round((audible / SCRIPTED_RATE_HZ) * 1000), errors };
}

describe.each([
  { streaming: true, kind: 'streaming' },
  { streaming: false, kind: 'non-streaming' },
])('a FallbackAdapter over $kind TTSs', ({ streaming }) => {
  function adapter(first: () => TTSStep[], retries = 0) {
    const backup = new ScriptedTTS(streaming);
    const primary = new ScriptedTTS(streaming, failing(first));
    const inner = new tts.FallbackAdapter({
      ttsInstances: [primary, backup],
      maxRetryPerTTS: retries,
      recoveryDelayMs: 3_600_000,
    });
    return { primary, backup, inner };
  }

  it.each([
    ['refuses', refused, 0],
    ['loses its connection', reset, 0],
    ['loses its connection, and is retried', reset, 1],
  ])('speaks the whole answer through the second if the first %s', async (_name, failure, retries) => {
    const { inner, backup } = adapter(() => [failure()], retries);
    const { audibleMs, errors } = await speak(inner);
    expect(audibleMs).toBe(900);
    expect(backup.said.toSorted()).toEqual(CLAUSES.toSorted());
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((message) => message === failure().message)).toBe(true);
    await inner.close();
  });

  it('speaks through the second if the first returns no audio', async () => {
    const { inner } = adapter(() => []);
    expect((await speak(inner)).audibleMs).toBe(900);
    await inner.close();
  });

  it('does not ask the first again while it is down', async () => {
    const { inner, primary } = adapter(() => [refused()]);
    const clauseTts = new ClauseTTS(inner);
    await speak(inner, clauseTts);
    const asked = primary.said.length;
    expect((await speak(inner, clauseTts)).audibleMs).toBe(900);
    expect(primary.said).toHaveLength(asked);
    await inner.close();
  });

  it('reports a failure in the middle, which LiveKit’s adapter takes for the end', async () => {
    const { inner } = adapter(() => [tone(100), reset()], 1);
    const { audibleMs, errors } = await speak(inner);
    expect(audibleMs).toBeLessThanOrEqual(100);
    expect(errors).toEqual([expect.stringMatching(/in the middle of an answer: reset!$/)]);
    await inner.close();
  });

  it('fails if all of them fail', async () => {
    const parts = [refused, refused].map(
      (fail) =>
        new ScriptedTTS(
          streaming,
          failing(() => [fail()]),
        ),
    );
    const inner = new tts.FallbackAdapter({
      ttsInstances: parts,
      maxRetryPerTTS: 0,
      recoveryDelayMs: 3_600_000,
    });
    const { audibleMs, errors } = await speak(inner);
    expect(audibleMs).toBe(0);
    expect(errors.at(-1)).toMatch(/!$/);
    await inner.close();
  });
});

it('a FallbackAdapter over TTSs of other rates and kinds speaks the whole answer at its own rate', async () => {
  class Narrow extends ScriptedTTS {
    override get sampleRate(): number {
      return 12_000;
    }
  }
  const primary = new ScriptedTTS(
    true,
    failing(() => [refused()]),
  );
  const inner = new tts.FallbackAdapter({ ttsInstances: [primary, new Narrow(false)], maxRetryPerTTS: 0 });
  const { audibleMs } = await speak(inner);
  // The backup's samples stand for twice the time.
  expect(audibleMs).toBeGreaterThan(1700);
  await inner.close();
});

it('a StreamAdapter’s TTS is asked again for a clause that failed', async () => {
  const inner = new ScriptedTTS(false, (text, nth) => (text === CLAUSES[1] && nth < 2 ? [reset()] : SPOKEN));
  const { audibleMs, errors } = await speak(
    new tts.StreamAdapter(inner, new tokenize.basic.SentenceTokenizer()),
  );
  expect(audibleMs).toBe(900);
  expect(errors).toEqual([]);
});

function flushTts(atFlush: ScriptedTTS['atFlush']): ScriptedTTS {
  return Object.assign(new ScriptedTTS(true, () => [tone(300)]), { label: 'flush-tts', atFlush });
}

it('a TTS that reports an end at every flush speaks the whole answer', async () => {
  const inner = flushTts('reports an end');
  expect(await speak(inner)).toEqual({ audibleMs: 900, errors: [] });
  expect(inner.said).toEqual(CLAUSES);
});

it('a TTS that ends its stream at the first flush speaks the rest through new ones, and is named once', async () => {
  const warn = vi.spyOn(log(), 'warn').mockImplementation(() => {});
  const inner = flushTts('ends');
  const clauseTts = new ClauseTTS(inner);
  expect(await speak(inner, clauseTts)).toEqual({ audibleMs: 900, errors: [] });
  expect(await speak(inner, clauseTts)).toEqual({ audibleMs: 900, errors: [] });
  expect(inner.said).toEqual([...CLAUSES, ...CLAUSES]);
  expect(warn.mock.calls).toEqual([
    [{ tts: 'flush-tts' }, expect.stringContaining('flush-tts ends its stream')],
  ]);
  warn.mockRestore();
});
