import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@firstword/turn';
import { APIConnectionError, initializeLogger, tts } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SCRIPTED_RATE_HZ, ScriptedVoice, SPOKEN, tone } from '../testing/scripted-voice.js';
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

function rig(inner: ScriptedVoice, options: ClauseTTSOptions = {}) {
  const voice = new ClauseTTS(inner, options);
  const errors: { error: Error; recoverable: boolean }[] = [];
  const metrics: number[] = [];
  const traces: TTSTrace[] = [];
  voice.on('error', (error) => errors.push(error));
  voice.on('metrics_collected', (told) => metrics.push(told.ttfbMs));
  voice.watch((trace) => traces.push(trace));
  return { voice, inner, errors, metrics, traces, stream: voice.stream({ connOptions: conn }) };
}

async function heard(stream: tts.SynthesizeStream): Promise<AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const event of stream) {
    if (event !== tts.SynthesizeStream.END_OF_STREAM) frames.push(event.frame);
  }
  return frames;
}

async function speak(stream: tts.SynthesizeStream, text: string): Promise<AudioFrame[]> {
  stream.pushText(text);
  stream.endInput();
  return heard(stream);
}

const ms = (frames: AudioFrame[]) =>
  (frames.reduce((sum, frame) => sum + frame.samplesPerChannel, 0) / SCRIPTED_RATE_HZ) * 1000;
const failure = (retryable = true) => new APIConnectionError({ message: 'gone', options: { retryable } });
/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  { streaming: true, kind: 'streaming' },
  { streaming: false, kind: 'non-streaming' },
])('ClauseTTS over a $kind voice', ({ streaming }) => {
  it('hands over the first clause before the answer has ended', async () => {
    const { inner, stream } = rig(new ScriptedVoice(streaming));
    stream.pushText('We are open until ten tonight, and');
    await inner.asked(1);
    expect(inner.said).toEqual(['We are open until ten tonight,']);
    stream.close();
  });

  it('speaks every clause once, in order, without Markdown', async () => {
    const { inner, stream } = rig(new ScriptedVoice(streaming));
    await speak(stream, '**Sure.** We open at 7.30. See [the menu](http://x.com)!');
    expect(inner.said).toEqual(['Sure.', 'We open at 7.30.', 'See the menu!']);
  });

  it('cuts the silence before the first sound to the margin', async () => {
    const { stream, traces } = rig(new ScriptedVoice(streaming));
    const frames = await speak(stream, 'Sure.');
    expect(ms(frames)).toBeCloseTo(310);
    expect(traces[0]?.trimmedMs).toBeCloseTo(190);
  });

  it('sends frames of at most 20 ms', async () => {
    const { stream } = rig(new ScriptedVoice(streaming));
    const frames = await speak(stream, 'Sure.');
    expect(frames).toHaveLength(16);
    for (const frame of frames) expect(frame.samplesPerChannel).toBeLessThanOrEqual(480);
  });

  it('leaves the silence alone where told to', async () => {
    const { stream } = rig(new ScriptedVoice(streaming), { trimSilence: false });
    expect(ms(await speak(stream, 'Sure.'))).toBeCloseTo(500);
  });

  it('fails where the voice returns nothing', async () => {
    const { stream, errors } = rig(new ScriptedVoice(streaming, () => []));
    expect(await speak(stream, 'Sure.')).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ recoverable: false });
  });

  it('makes no request that is not for speech', async () => {
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming));
    expect(await speak(stream, '👍 ---')).toEqual([]);
    expect(inner.said).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('tries again, with the same words, where nothing was heard', async () => {
    const script = (_: string, nth: number) => (nth === 0 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming, script));
    expect(ms(await speak(stream, 'Sure.'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(errors).toEqual([]);
  });

  it('gives up on a failure that is not to be retried', async () => {
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming, () => [failure(false)]));
    await speak(stream, 'Sure.');
    expect(inner.said).toHaveLength(1);
    expect(errors).toMatchObject([{ recoverable: false, error: { message: 'gone' } }]);
  });

  it('does not say half a clause again', async () => {
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming, () => [tone(100), failure()]));
    expect(ms(await speak(stream, 'Sure.'))).toBeGreaterThanOrEqual(80);
    expect(inner.said).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });

  it('fails, and does not hang, where the voice stalls', async () => {
    const clock = new ManualClock();
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming, () => ['stall']), { clock });
    stream.pushText('Sure.');
    stream.endInput();
    const frames = heard(stream);
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
      'while the voice is at work',
      async (s: tts.SynthesizeStream, v: ScriptedVoice) => {
        s.pushText('Sure. And');
        await v.asked(1);
      },
      ['stall' as const],
    ],
    [
      'while audio comes in',
      async (s: tts.SynthesizeStream) => {
        s.pushText('Sure. And then. More');
        await s.next();
      },
      [tone(100), 'stall' as const],
    ],
  ])('leaves nothing behind when stopped %s', async (_name, until, steps) => {
    const clock = new ManualClock();
    const { inner, stream, errors } = rig(new ScriptedVoice(streaming, () => steps), { clock });
    await settle();
    await until(stream, inner);
    stream.close();
    await heard(stream);
    await inner.idle();
    expect(clock.pendingTimers).toBe(0);
    expect(errors).toEqual([]);
  });

  it('tells metrics once, and when its first clause left and came', async () => {
    const clock = new ManualClock({ nowMs: 100 });
    const { stream, metrics, traces } = rig(new ScriptedVoice(streaming), { clock });
    await speak(stream, 'Sure. We are open.');
    expect(metrics).toHaveLength(1);
    expect(traces).toMatchObject([{ firstClauseMs: 100, requestedMs: 100, firstByteMs: 100 }]);
  });

  it('synthesizes a whole text', async () => {
    const { voice } = rig(new ScriptedVoice(streaming));
    expect(ms([await voice.synthesize('Sure.', conn).collect()])).toBeCloseTo(310);
  });

  it('tells of a whole text that failed, and goes on living', async () => {
    const { voice, errors } = rig(new ScriptedVoice(streaming, () => [failure(false)]));
    for await (const _ of voice.synthesize('Sure.', conn));
    await settle();
    expect(errors).toHaveLength(1);
  });

  it('plays kept phrases without asking the voice', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    const { voice, inner } = rig(new ScriptedVoice(streaming), { phrases });
    await voice.warm();
    await voice.warm();
    expect(inner.said).toEqual(['Certainly!']);
    const frames = await speak(voice.stream({ connOptions: conn }), 'Certainly! We are open.');
    expect(inner.said).toEqual(['Certainly!', 'We are open.']);
    expect(ms(frames)).toBeGreaterThan(700);
  });

  it('has a phrase spoken again whose file was damaged', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    await rig(new ScriptedVoice(streaming), { phrases }).voice.warm();
    const [name] = await readdir(dir);
    const whole = await readFile(join(dir, name!));
    await writeFile(join(dir, name!), whole.subarray(0, 500));
    const { voice, inner } = rig(new ScriptedVoice(streaming), { phrases });
    await voice.warm();
    expect(inner.said).toEqual(['Certainly!']);
    expect(await readFile(join(dir, name!))).toEqual(whole);
  });

  it.each([
    ['nothing', []],
    ['silence', [tone(300, 0)]],
  ])('keeps no phrase that the voice made %s of, and has it made when it is said', async (_name, steps) => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Certainly!'], voice: 'a' };
    const script = (_: string, nth: number) => (nth === 0 ? steps : SPOKEN);
    const { voice, stream } = rig(new ScriptedVoice(streaming, script), { phrases });
    await expect(voice.warm()).rejects.toThrow(/no audio|only silence/);
    expect(await readdir(dir)).toEqual([]);
    expect(voice.isReady('Certainly!')).toBe(false);
    expect(ms(await speak(stream, 'Certainly!'))).toBeCloseTo(310);
  });

  it('does not play kept silence', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const cache = new PhraseCache({ dir });
    const { voice, inner, stream } = rig(new ScriptedVoice(streaming), {
      phrases: { cache, texts: ['Certainly!'], voice: 'a' },
    });
    const key = { provider: voice.provider, model: voice.model, voice: 'a', rateHz: SCRIPTED_RATE_HZ };
    await cache.put({ ...key, channels: 1, text: 'Certainly!' }, tone(300, 0));
    expect(ms(await speak(stream, 'Certainly!'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Certainly!']);
  });

  it('speaks where the folder of its phrases cannot be written, and keeps them in memory', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const file = join(dir, 'file');
    await writeFile(file, '');
    const phrases = { cache: new PhraseCache({ dir: file }), texts: ['Certainly!'], voice: 'a' };
    const { voice, inner, stream } = rig(new ScriptedVoice(streaming), { phrases });
    await voice.warm();
    expect(ms(await speak(stream, 'Certainly! We are open.'))).toBeGreaterThan(600);
    expect(inner.said).toEqual(['Certainly!', 'We are open.']);
  });

  it('keeps the other phrases where one fails', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    folders.push(dir);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Bad.', 'Good.'], voice: 'a' };
    const script = (text: string) => (text === 'Bad.' ? [failure(false)] : SPOKEN);
    const { voice } = rig(new ScriptedVoice(streaming, script), { phrases });
    await expect(voice.warm()).rejects.toThrow('gone');
    expect(await readdir(dir)).toHaveLength(1);
    expect(voice.isReady('Good.')).toBe(true);
    expect(voice.isReady('Bad.')).toBe(false);
  });

  it('closes the voice with itself', async () => {
    const { voice, inner } = rig(new ScriptedVoice(streaming));
    await voice.close();
    expect(inner.closed).toBe(true);
    expect(inner.listenerCount('error')).toBe(0);
  });
});

describe('ClauseTTS clause by clause', () => {
  it('asks for the next clause while the last comes in, and for no more than that', async () => {
    const { inner, stream } = rig(new ScriptedVoice(false, () => [tone(100), 'stall']));
    stream.pushText('One. Two. Three. Four');
    await inner.asked(2);
    await settle();
    expect(inner.said).toEqual(['One.', 'Two.']);
    stream.close();
  });

  it('has the first clause made while the word after it is awaited', async () => {
    const clock = new ManualClock({ nowMs: 100 });
    const { inner, stream, traces } = rig(new ScriptedVoice(false), { clock });
    stream.pushText('For how many people?');
    await inner.asked(1);
    expect(traces).toEqual([]);
    clock.advance(12);
    stream.pushText(' And');
    stream.pushText(' when?');
    stream.endInput();
    expect(ms(await heard(stream))).toBeGreaterThan(600);
    expect(inner.said).toEqual(['For how many people?', 'And when?']);
    expect(traces).toMatchObject([{ firstClauseMs: 100, requestedMs: 100, firstByteMs: 112 }]);
  });

  it('plays nothing of a clause that turned out to go on', async () => {
    const { inner, stream } = rig(new ScriptedVoice(false));
    stream.pushText('Look at example.');
    await inner.asked(1);
    stream.pushText('com');
    expect(ms(await speak(stream, '.'))).toBeCloseTo(310);
    expect(inner.said).toEqual(['Look at example.', 'Look at example.com.']);
    await inner.idle();
  });

  it('asks again where what was made ahead failed', async () => {
    const script = (_: string, nth: number) => (nth === 0 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedVoice(false, script));
    stream.pushText('Sure.');
    await inner.asked(1);
    await settle();
    expect(ms(await speak(stream, ' Come in.'))).toBeGreaterThan(600);
    // The clause after it was asked for meanwhile.
    expect(inner.said).toEqual(['Sure.', 'Come in.', 'Sure.', 'Come in.']);
    expect(errors).toEqual([]);
  });

  it('leaves nothing of it behind when stopped', async () => {
    const clock = new ManualClock();
    const { inner, stream } = rig(new ScriptedVoice(false, () => ['stall']), { clock });
    stream.pushText('Sure.');
    await inner.asked(1);
    stream.close();
    await heard(stream);
    await inner.idle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps pauses between sentences natural', async () => {
    const long = [tone(100), tone(300, 0)];
    const { stream } = rig(new ScriptedVoice(false, (_, nth) => (nth === 0 ? long : SPOKEN)));
    // 100 tone, 300 + 200 silence cut to 400, 300 tone.
    expect(ms(await speak(stream, 'One. Two.'))).toBeCloseTo(800, -1);
  });

  it('says the clauses that were heard no second time', async () => {
    const script = (text: string, nth: number) => (text === 'Two.' && nth === 1 ? [failure()] : SPOKEN);
    const { inner, stream, errors } = rig(new ScriptedVoice(false, script));
    await speak(stream, 'One. Two.');
    expect(inner.said).toEqual(['One.', 'Two.', 'Two.']);
    expect(errors).toEqual([]);
  });
});

describe('ClauseTTS options', () => {
  it('tell apart which of two streams failed', async () => {
    const { voice, stream, errors } = rig(
      new ScriptedVoice(true, (text) => (text === 'Bad.' ? [failure(false)] : SPOKEN)),
    );
    const other = voice.stream({ connOptions: conn });
    const [good] = await Promise.all([speak(stream, 'Good.'), speak(other, 'Bad.')]);
    expect(ms(good)).toBeCloseTo(310);
    expect(errors).toHaveLength(1);
  });

  it('leave the cutting to the voice', async () => {
    const { inner, stream } = rig(new ScriptedVoice(true), { clause: false });
    stream.pushText('One. Two');
    await speak(stream, '. Three.');
    expect(inner.said).toEqual(['One. Two. Three.']);
  });

  it.each<ClauseTTSOptions>([{ frameMs: 40 }, { trimSilence: { marginMs: -1 } }])(
    'are refused where out of range: %j',
    (options) => {
      expect(() => new ClauseTTS(new ScriptedVoice(true), options)).toThrow(/use/);
    },
  );

  it('refuse a stream of a voice that has none', () => {
    expect(() => new ClauseTTS(new ScriptedVoice(false), { handOff: 'stream' })).toThrow(/does not stream/);
  });
});
