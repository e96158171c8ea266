import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@firstword/turn';
import { APIConnectionError, initializeLogger, tts } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SCRIPTED_RATE_HZ, ScriptedTTS, SPOKEN, tone } from '../testing/scripted-tts.js';
import type { ClauseTTSOptions } from './clause-options.js';
import { ClauseTTS } from './clause-tts.js';
import { PhraseCache } from './phrase-cache.js';
import type { TTSTrace } from './tts-trace.js';

const conn = { maxRetry: 1, retryIntervalMs: 0, timeoutMs: 5000 };
const folders: string[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
afterEach(async () => {
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true });
});

function rig(inner: ScriptedTTS, options: ClauseTTSOptions = {}) {
  const clauseTts = new ClauseTTS(inner, options);
  const errors: { error: Error; recoverable: boolean }[] = [];
  const metrics: number[] = [];
  const traces: TTSTrace[] = [];
  clauseTts.on('error', (error) => errors.push(error));
  clauseTts.on('metrics_collected', (event) => metrics.push(event.ttfbMs));
  clauseTts.watch((trace) => traces.push(trace));
  return { clauseTts, inner, errors, metrics, traces, stream: clauseTts.stream({ connOptions: conn }) };
}

async function collect(stream: tts.SynthesizeStream): Promise<AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const event of stream) {
    if (event !== tts.SynthesizeStream.END_OF_STREAM) frames.push(event.frame);
  }
  return frames;
}

async function speak(stream: tts.SynthesizeStream, text: string): Promise<AudioFrame[]> {
  stream.pushText(text);
  stream.endInput();
  return collect(stream);
}

const ms = (frames: AudioFrame[]) =>
  (frames.reduce((sum, frame) => sum + frame.samplesPerChannel, 0) / SCRIPTED_RATE_HZ) * 1000;
const failure = (retryable = true) => new APIConnectionError({ message: 'gone', options: { retryable } });
/** Runs everything that is ready. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  { streaming: true, kind: 'streaming' },
  { streaming: false, kind: 'non-streaming' },
])('ClauseTTS over a $kind TTS', ({ streaming }) => {
  it('synthesizes the first clause before the answer has ended', async () => {
    const { inner, stream } = rig(new ScriptedTTS(streaming));
    stream.pushText('We are open until ten tonight, and');
    await inner.asked(1);
    expect(inner.said).toEqual(['We are open until ten tonight,']);
    stream.close();
  });

  it('speaks every clause once, in order, without Markdown', async () => {
    const { inner, stream } = rig(new ScriptedTTS(streaming));
    await speak(stream, '**Sure.** We open at 7.30. See [the menu](http://x.com)!');
    expect(inner.said).toEqual(['Sure.', 'We open at 7.30.', 'See the menu!']);
  });

  it('trims leading silence to the margin', async () => {
    const { stream, traces } = rig(new ScriptedTTS(streaming));
    const frames = await speak(stream, 'Sure.');
    expect(ms(frames)).toBeCloseTo(310);
    expect(traces[0]?.trimmedMs).toBeCloseTo(190);
  });

  it('sends frames of at most 20 ms', async () => {
    const { stream } = rig(new ScriptedTTS(streaming));
    const frames = await speak(stream, 'Sure.');
    expect(frames).toHaveLength(16);
    for (const frame of frames) expect(frame.samplesPerChannel).toBeLessThanOrEqual(480);
  });

  it('keeps the silence if trimming is off', async () => {
    const { stream } = rig(new ScriptedTTS(streaming), { trimSilence: false });
    expect(ms(await speak(stream, 'Sure.'))).toBeCloseTo(500);
  });

  it('fails if the TTS returns nothing', async () => {
    const { stream, errors } = rig(new ScriptedTTS(streaming, () => []));
    expect(await speak(stream, 'Sure.')).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ recoverable: false });
  });

  it('makes no request for text without speech', async () => {
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming));
    expect(await speak(stream, '👍 ---')).toEqual([]);
    expect(inner.said).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('retries with the same words if nothing was audible', async () => {
    const script = (_: string, nth: number) => (nth === 0 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming, script));
    expect(ms(await speak(stream, 'Sure.'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(errors).toEqual([]);
  });

  it('does not retry an error that is not retryable', async () => {
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming, () => [failure(false)]));
    await speak(stream, 'Sure.');
    expect(inner.said).toHaveLength(1);
    expect(errors).toMatchObject([{ recoverable: false, error: { message: 'gone' } }]);
  });

  it('does not repeat a clause that was half spoken', async () => {
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming, () => [tone(100), failure()]));
    expect(ms(await speak(stream, 'Sure.'))).toBeGreaterThanOrEqual(80);
    expect(inner.said).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });

  it('fails instead of hanging if the TTS stalls', async () => {
    const clock = new ManualClock();
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming, () => ['stall']), { clock });
    stream.pushText('Sure.');
    stream.endInput();
    const frames = collect(stream);
    for (const attempt of [1, 2]) {
      await inner.asked(attempt);
      await settle();
      clock.advance(conn.timeoutMs);
    }
    expect(await frames).toEqual([]);
    expect(errors[0]?.error.message).toMatch(/5000 ms|2 attempts/);
    expect(clock.pendingTimers).toBe(0);
    await inner.idle();
  });

  it.each([
    ['before any text', async () => {}, []],
    ['while the first clause is awaited', async (s: tts.SynthesizeStream) => s.pushText('Su'), []],
    [
      'while the TTS is synthesizing',
      async (s: tts.SynthesizeStream, inner: ScriptedTTS) => {
        s.pushText('Sure. And');
        await inner.asked(1);
      },
      ['stall' as const],
    ],
    [
      'while audio arrives',
      async (s: tts.SynthesizeStream) => {
        s.pushText('Sure. And then. More');
        await s.next();
      },
      [tone(100), 'stall' as const],
    ],
  ])('leaves nothing behind when stopped %s', async (_name, until, steps) => {
    const clock = new ManualClock();
    const { inner, stream, errors } = rig(new ScriptedTTS(streaming, () => steps), { clock });
    await settle();
    await until(stream, inner);
    stream.close();
    await collect(stream);
    await inner.idle();
    expect(clock.pendingTimers).toBe(0);
    expect(errors).toEqual([]);
  });

  it('emits metrics once, and traces when the first clause was requested and arrived', async () => {
    const clock = new ManualClock({ nowMs: 100 });
    const { stream, metrics, traces } = rig(new ScriptedTTS(streaming), { clock });
    await speak(stream, 'Sure. We are open.');
    expect(metrics).toHaveLength(1);
    expect(traces).toMatchObject([{ firstClauseMs: 100, requestedMs: 100, firstByteMs: 100 }]);
  });

  it('synthesizes a whole text', async () => {
    const { clauseTts } = rig(new ScriptedTTS(streaming));
    expect(ms([await clauseTts.synthesize('Sure.', conn).collect()])).toBeCloseTo(310);
  });

  it('reports the failure of a whole text without crashing', async () => {
    const { clauseTts, errors } = rig(new ScriptedTTS(streaming, () => [failure(false)]));
    for await (const _ of clauseTts.synthesize('Sure.', conn));
    await settle();
    expect(errors).toHaveLength(1);
  });

  it('plays cached phrases without a TTS request', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    const { clauseTts, inner } = rig(new ScriptedTTS(streaming), { phrases });
    await clauseTts.warm();
    await clauseTts.warm();
    expect(inner.said).toEqual(['Certainly!']);
    const frames = await speak(clauseTts.stream({ connOptions: conn }), 'Certainly! We are open.');
    expect(inner.said).toEqual(['Certainly!', 'We are open.']);
    expect(ms(frames)).toBeGreaterThan(700);
  });

  it('synthesizes a phrase again if its file was damaged', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    await rig(new ScriptedTTS(streaming), { phrases }).clauseTts.warm();
    const [name] = await readdir(dir);
    const whole = await readFile(join(dir, name!));
    await writeFile(join(dir, name!), whole.subarray(0, 500));
    const { clauseTts, inner } = rig(new ScriptedTTS(streaming), { phrases });
    await clauseTts.warm();
    expect(inner.said).toEqual(['Certainly!']);
    expect(await readFile(join(dir, name!))).toEqual(whole);
  });

  it.each([
    ['nothing', []],
    ['silence', [tone(300, 0)]],
  ])('does not cache a phrase if the TTS returned %s, and synthesizes it on use', async (_name, steps) => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    const script = (_: string, nth: number) => (nth === 0 ? steps : SPOKEN);
    const { clauseTts, stream } = rig(new ScriptedTTS(streaming, script), { phrases });
    await expect(clauseTts.warm()).rejects.toThrow(/no audio|only silence/);
    expect(await readdir(dir)).toEqual([]);
    expect(clauseTts.isReady('Certainly!')).toBe(false);
    expect(ms(await speak(stream, 'Certainly!'))).toBeCloseTo(310);
  });

  it('does not play cached silence', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const cache = new PhraseCache({ dir });
    const { clauseTts, inner, stream } = rig(new ScriptedTTS(streaming), {
      phrases: { cache, texts: ['Certainly!'], voice: 'a' },
    });
    const key = {
      provider: clauseTts.provider,
      model: clauseTts.model,
      voice: 'a',
      rateHz: SCRIPTED_RATE_HZ,
    };
    await cache.put({ ...key, channels: 1, text: 'Certainly!' }, tone(300, 0));
    expect(ms(await speak(stream, 'Certainly!'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Certainly!']);
  });

  it('caches phrases in memory if the cache folder is not writable', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const file = join(dir, 'file');
    await writeFile(file, '');
    const phrases = { cache: new PhraseCache({ dir: file }), texts: ['Certainly!'], voice: 'a' };
    const { clauseTts, inner, stream } = rig(new ScriptedTTS(streaming), { phrases });
    await clauseTts.warm();
    expect(ms(await speak(stream, 'Certainly! We are open.'))).toBeGreaterThan(600);
    expect(inner.said).toEqual(['Certainly!', 'We are open.']);
  });

  it('caches the other phrases if one fails', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Bad.', 'Good.'], voice: 'a' };
    const script = (text: string) => (text === 'Bad.' ? [failure(false)] : SPOKEN);
    const { clauseTts } = rig(new ScriptedTTS(streaming, script), { phrases });
    await expect(clauseTts.warm()).rejects.toThrow('gone');
    expect(await readdir(dir)).toHaveLength(1);
    expect(clauseTts.isReady('Good.')).toBe(true);
    expect(clauseTts.isReady('Bad.')).toBe(false);
  });

  it('closes the wrapped TTS when it is closed', async () => {
    const { clauseTts, inner } = rig(new ScriptedTTS(streaming));
    await clauseTts.close();
    expect(inner.closed).toBe(true);
    expect(inner.listenerCount('error')).toBe(0);
  });
});

describe('ClauseTTS clause by clause', () => {
  it('requests one clause ahead while the previous one arrives', async () => {
    const { inner, stream } = rig(new ScriptedTTS(false, () => [tone(100), 'stall']));
    stream.pushText('One. Two. Three. Four');
    await inner.asked(2);
    await settle();
    expect(inner.said).toEqual(['One.', 'Two.']);
    stream.close();
  });

  it('synthesizes the first clause while waiting for the next word', async () => {
    const clock = new ManualClock({ nowMs: 100 });
    const { inner, stream, traces } = rig(new ScriptedTTS(false), { clock });
    stream.pushText('For how many people?');
    await inner.asked(1);
    expect(traces).toEqual([]);
    clock.advance(12);
    stream.pushText(' And');
    stream.pushText(' when?');
    stream.endInput();
    expect(ms(await collect(stream))).toBeGreaterThan(600);
    expect(inner.said).toEqual(['For how many people?', 'And when?']);
    expect(traces).toMatchObject([{ firstClauseMs: 100, requestedMs: 100, firstByteMs: 112 }]);
  });

  it('plays nothing of a clause that turned out to be longer', async () => {
    const { inner, stream } = rig(new ScriptedTTS(false));
    stream.pushText('Look at example.');
    await inner.asked(1);
    stream.pushText('com');
    expect(ms(await speak(stream, '.'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Look at example.', 'Look at example.com.']);
    await inner.idle();
  });

  it('retries if synthesis ahead failed', async () => {
    const script = (_: string, nth: number) => (nth === 0 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedTTS(false, script));
    stream.pushText('Sure.');
    await inner.asked(1);
    await settle();
    expect(ms(await speak(stream, ' Come in.'))).toBeGreaterThan(600);
    // The clause after it was requested meanwhile.
    expect(inner.said).toEqual(['Sure.', 'Come in.', 'Sure.', 'Come in.']);
    expect(errors).toEqual([]);
  });

  it('leaves nothing behind when stopped during synthesis ahead', async () => {
    const clock = new ManualClock();
    const { inner, stream } = rig(new ScriptedTTS(false, () => ['stall']), { clock });
    stream.pushText('Sure.');
    await inner.asked(1);
    stream.close();
    await collect(stream);
    await inner.idle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps pauses between sentences natural', async () => {
    const long = [tone(100), tone(300, 0)];
    const { stream } = rig(new ScriptedTTS(false, (_, nth) => (nth === 0 ? long : SPOKEN)));
    // 100 ms of tone, 300 + 200 ms of silence trimmed to 400, 300 ms of tone.
    expect(ms(await speak(stream, 'One. Two.'))).toBeCloseTo(800, -1);
  });

  it('does not repeat clauses that were already played', async () => {
    const script = (text: string, nth: number) => (text === 'Two.' && nth === 1 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedTTS(false, script));
    await speak(stream, 'One. Two.');
    expect(inner.said).toEqual(['One.', 'Two.', 'Two.']);
    expect(errors).toEqual([]);
  });
});

describe('ClauseTTS options', () => {
  it('distinguish which of two streams failed', async () => {
    const { clauseTts, stream, errors } = rig(
      new ScriptedTTS(true, (text) => (text === 'Bad.' ? [failure(false)] : SPOKEN)),
    );
    const other = clauseTts.stream({ connOptions: conn });
    const [good] = await Promise.all([speak(stream, 'Good.'), speak(other, 'Bad.')]);
    expect(ms(good)).toBeCloseTo(310);
    expect(errors).toHaveLength(1);
  });

  it('leave the segmentation to the TTS', async () => {
    const { inner, stream } = rig(new ScriptedTTS(true), { clause: false });
    stream.pushText('One. Two');
    await speak(stream, '. Three.');
    expect(inner.said).toEqual(['One. Two. Three.']);
  });

  it.each<ClauseTTSOptions>([{ frameMs: 40 }, { trimSilence: { marginMs: -1 } }])(
    'are rejected if out of range: %j',
    (options) => {
      expect(() => new ClauseTTS(new ScriptedTTS(true), options)).toThrow(/use/);
    },
  );

  it('reject streaming over a TTS that does not stream', () => {
    expect(() => new ClauseTTS(new ScriptedTTS(false), { handOff: 'stream' })).toThrow(/does not stream/);
  });
});
