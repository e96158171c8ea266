import { ManualClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { describe, expect, it } from 'vitest';
import type { SynthesisFault } from '../faults/speech-fault.js';
import { ttsProfile } from './profiles.js';
import { type SpokenWord, Synthesis } from './synthesis.js';
import { toneVoice } from './voice.js';

const PROFILE = { ...ttsProfile('cartesia-sonic-3'), firstAudio: { p50Ms: 200, p95Ms: 200 } };

interface Event {
  kind: string;
  atMs: number;
  samples?: Int16Array;
}

/** Speaks the texts with a stopped clock; resolves to everything that happened within 5 s. */
async function run(texts: readonly string[], fault?: SynthesisFault) {
  const clock = new ManualClock();
  const events: Event[] = [];
  const words: SpokenWord[] = [];
  const note = (kind: string, samples?: Int16Array) =>
    events.push({ kind, atMs: clock.nowMs(), ...(samples ? { samples } : {}) });
  const synthesis = new Synthesis({
    voice: toneVoice(),
    profile: PROFILE,
    clock,
    rateHz: 24_000,
    delays: seededRandom(1),
    fault,
    onAudio: (samples) => note('audio', samples),
    onWords: (some) => words.push(...some),
    onFlushed: () => note('flushed'),
    onDone: () => note('done'),
    onFault: (action) => note(action),
  });
  for (const text of texts) {
    synthesis.say(text);
    synthesis.flush();
  }
  synthesis.end();
  for (let step = 0; step < 500; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10);
  }
  synthesis.cancel();
  expect(clock.pendingTimers).toBe(0);
  return { events, words, audio: events.filter(({ kind }) => kind === 'audio') };
}

const kinds = (events: readonly Event[]) => events.map(({ kind }) => kind);
const durationMs = (audio: readonly Event[]) =>
  audio.reduce((sum, { samples }) => sum + samples!.length / 24, 0);

it('sends the first chunk at the first-audio delay, the others at the engine’s speed', async () => {
  const { events, audio, words } = await run(['Good evening, how can I help?']);
  expect(audio[0]!.atMs).toBeCloseTo(200);
  expect(audio[1]!.atMs - audio[0]!.atMs).toBeLessThanOrEqual(30);
  expect(audio[0]!.samples).toHaveLength(2400);
  expect(kinds(events).slice(-2)).toEqual(['flushed', 'done']);
  expect(words.map(({ text }) => text)).toEqual(['Good', 'evening,', 'how', 'can', 'I', 'help?']);
  expect(words[0]!.startS).toBeCloseTo(0.2);
  expect(words.at(-1)!.endS * 1000).toBeCloseTo(durationMs(audio), 0);
});

it('begins with the engine’s leading silence, once', async () => {
  const { audio } = await run(['Yes.', 'Certainly.']);
  const all = audio.flatMap(({ samples }) => [...samples!]);
  const silentSamples = PROFILE.leadingSilenceMs * 24;
  expect(all.slice(0, silentSamples - 24).every((sample) => sample === 0)).toBe(true);
  expect(all.slice(silentSamples, silentSamples + 480).every((sample) => sample === 0)).toBe(false);
});

it('adds no delay of its own for text that comes while earlier text is generated', async () => {
  const { audio } = await run(['One moment, I will have a look for you.', 'Yes.']);
  for (const [index, { atMs }] of audio.entries()) {
    if (index > 0) expect(atMs - audio[index - 1]!.atMs).toBeLessThanOrEqual(30);
  }
});

describe('a fault', () => {
  const TEXT = ['Good evening, how can I help?', 'I am listening.'];

  it('stalls after some audio', async () => {
    const { audio, events } = await run(TEXT, { kind: 'audio-stalls', afterMs: 300 });
    expect(durationMs(audio)).toBe(300);
    expect(kinds(events)).not.toContain('done');
  });

  it('sends nothing', async () => {
    expect((await run(TEXT, { kind: 'audio-never' })).events).toEqual([]);
  });

  it('ends without audio', async () => {
    expect(kinds((await run(TEXT, { kind: 'audio-missing' })).events)).toEqual([
      'flushed',
      'flushed',
      'done',
    ]);
  });

  it('sends silence of the same length', async () => {
    const usual = await run(TEXT);
    const silent = await run(TEXT, { kind: 'audio-silent' });
    expect(durationMs(silent.audio)).toBe(durationMs(usual.audio));
    expect(silent.audio.every(({ samples }) => samples!.every((sample) => sample === 0))).toBe(true);
  });

  it('changes the sample rate', async () => {
    const usual = await run(TEXT);
    const faster = await run(TEXT, { kind: 'audio-rate', rateHz: 12_000 });
    expect(durationMs(faster.audio) / durationMs(usual.audio)).toBeCloseTo(0.5, 1);
  });

  it('is late', async () => {
    expect((await run(TEXT, { kind: 'audio-late', delayMs: 1500 })).audio[0]!.atMs).toBeCloseTo(1700);
  });

  it('closes after the first flush', async () => {
    const { events } = await run(TEXT, { kind: 'close-per-flush' });
    expect(kinds(events).filter((kind) => kind !== 'audio')).toEqual(['flushed', 'close']);
  });

  it.each([
    ['reset', { kind: 'reset-audio', afterMs: 200 }],
    ['error', { kind: 'error-message' }],
  ] as const)('ends with %s', async (kind, fault) => {
    expect(kinds((await run(TEXT, fault)).events).at(-1)).toBe(kind);
  });
});

it('stops silently when it is cancelled while an engine that throws at that is speaking', async () => {
  let isSpeaking = () => {};
  const speaking = new Promise<void>((resolve) => {
    isSpeaking = resolve;
  });
  const events: string[] = [];
  const synthesis = new Synthesis({
    voice: {
      sampleRateHz: 16_000,
      async *synthesize(_text, { signal } = {}) {
        isSpeaking();
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new Error('stopped'))),
        );
      },
    },
    profile: PROFILE,
    clock: new ManualClock(),
    rateHz: 24_000,
    delays: seededRandom(1),
    onAudio: () => events.push('audio'),
    onDone: () => events.push('done'),
  });
  synthesis.say('Good evening.');
  await speaking;
  synthesis.cancel();
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([]);
});

it('reports an error when the voice fails', async () => {
  const actions: string[] = [];
  const synthesis = new Synthesis({
    voice: {
      sampleRateHz: 16_000,
      synthesize: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no voice')) }),
      }),
    },
    profile: PROFILE,
    clock: new ManualClock(),
    rateHz: 24_000,
    delays: seededRandom(1),
    onAudio: () => actions.push('audio'),
    onDone: () => actions.push('done'),
    onFault: (action) => actions.push(action),
  });
  synthesis.say('Hello.');
  synthesis.end();
  await expect.poll(() => actions).toEqual(['error']);
});
