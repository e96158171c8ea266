import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '@firstword/local';
import { isFirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mix, noise, voice } from '../testing/sound.js';
import { readRecordings } from './recordings.js';
import { renderRecordings } from './recordings-table.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-recordings-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Half a second of noise, then a voice, then a second of noise. */
function recording(options: { rateHz: number; speechMs: number; stereo?: boolean }): Uint8Array {
  const { rateHz, speechMs, stereo } = options;
  const left = noise({ ms: speechMs + 1500, levelDb: -60, rateHz });
  mix(left, voice({ ms: speechMs, levelDb: -20, rateHz }), 500, rateHz);
  return writeWav({ sampleRateHz: rateHz, channels: stereo ? [left, left] : [left] });
}

const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), bytes);
};

/** A call: the agent greets, the caller speaks twice, the agent answers each time, the caller thanks. */
function wholeCall(options: { swapped?: boolean } = {}): Uint8Array {
  const rateHz = 16_000;
  const [left, right] = [1, 2].map((seed) => noise({ ms: 13_000, levelDb: -65, rateHz, seed })) as [
    Int16Array,
    Int16Array,
  ];
  const say = (track: Int16Array, ms: number, fromMs: number) =>
    mix(track, voice({ ms, levelDb: -20, rateHz }), fromMs, rateHz);
  for (const fromMs of [500, 5000, 9500]) say(right, 1000, fromMs);
  say(left, 800, 2000);
  say(left, 700, 3200);
  say(left, 1000, 7500);
  say(left, 600, 12_000);
  return writeWav({ sampleRateHz: rateHz, channels: options.swapped ? [right, left] : [left, right] });
}

async function refusal(path = dir): Promise<string> {
  try {
    await readRecordings(path);
  } catch (error) {
    if (isFirstwordError(error, 'bad_input')) return error.message;
    throw error;
  }
  return expect.unreachable('the recordings were taken');
}

it('reads one turn per file at any rate, mono or the same on both channels, trimmed to speech, with its transcript', async () => {
  put('Call A/10.wav', recording({ rateHz: 44_100, speechMs: 900 }));
  put('Call A/2.WAV', recording({ rateHz: 8000, speechMs: 700 }));
  put('Call A/2.txt', ' What time \n are you open? ');
  put('call-a/1.wav', recording({ rateHz: 48_000, speechMs: 1200, stereo: true }));
  put('notes.md', 'not a recording');
  const calls = await readRecordings(dir);
  expect(calls.map((call) => call.id)).toEqual(['call-a', 'call-a-2']);
  const [first, second] = calls;
  expect(first!.clips.map((clip) => clip.line.parts)).toEqual([['What time are you open?'], []]);
  const speechMs = [...first!.clips, ...second!.clips].map((clip) => clip.samples.length / 16);
  for (const [i, ms] of [700, 900, 1200].entries())
    expect(Math.abs(speechMs[i]! - ms)).toBeLessThanOrEqual(20);
});

it('reads the files of the folder itself as one call', async () => {
  put('hello.wav', recording({ rateHz: 16_000, speechMs: 800 }));
  const [call, ...others] = await readRecordings(dir);
  expect(call!.clips).toHaveLength(1);
  expect(others).toEqual([]);
});

it('lists every unusable file, and why', async () => {
  put('good.wav', recording({ rateHz: 16_000, speechMs: 800 }));
  put('text.wav', 'RIFFs are fun');
  put('silent.wav', writeWav({ sampleRateHz: 16_000, channels: [new Int16Array(16_000)] }));
  put('whole-call.wav', recording({ rateHz: 8000, speechMs: 61_000 }));
  const message = await refusal();
  expect(message).toMatch(/^3 recordings cannot be used/);
  for (const why of [/text\.wav.* not an audio file/, /silent\.wav.* no speech/, /whole-call\.wav.*60 s/])
    expect(message).toMatch(why);
  expect(message).not.toContain('good.wav');
});

it('says what to do where there are no recordings', async () => {
  expect(await refusal()).toContain('no audio file');
  await expect(readRecordings(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'bad_input' });
});

it('reads a single file, at a rate of its own', async () => {
  put('odd.wav', recording({ rateHz: 16_001, speechMs: 800 }));
  const [call] = await readRecordings(join(dir, 'odd.wav'));
  expect(call).toMatchObject({ id: 'odd', files: [{ name: 'odd.wav' }] });
  expect(Math.abs(call!.clips[0]!.samples.length / 16 - 800)).toBeLessThanOrEqual(20);
});

it('cuts a call into the turns that the agent answers', async () => {
  put('support.wav', wholeCall());
  const [call] = await readRecordings(dir);
  expect(call!.id).toBe('support');
  const found = call!.files[0]!.turns;
  const wanted = [
    [2000, 3900],
    [7500, 8500],
  ];
  expect(found).toHaveLength(2);
  for (const [i, { startMs, endMs }] of found.entries()) {
    expect(Math.abs(startMs - wanted[i]![0]!)).toBeLessThanOrEqual(16);
    expect(Math.abs(endMs - wanted[i]![1]!)).toBeLessThanOrEqual(16);
  }
  expect(Math.abs(found[0]!.pausesMs[0]! - 400)).toBeLessThanOrEqual(20);
  expect(renderRecordings([call!])).toMatch(/support\/1 +support\.wav +2\.0\d +3\.9\d +13\.00/);
});

it('says that the channels are swapped where only the right one has speech', async () => {
  const [left] = [noise({ ms: 2500, levelDb: -65, rateHz: 16_000 })];
  const right = noise({ ms: 2500, levelDb: -65, rateHz: 16_000, seed: 4 });
  mix(right, voice({ ms: 1000, levelDb: -20, rateHz: 16_000 }), 500, 16_000);
  put('right.wav', writeWav({ sampleRateHz: 16_000, channels: [left, right] }));
  expect(await refusal()).toMatch(/right channel only.*swap them with ffmpeg/);
});

it('puts the turns of a folder into calls of up to eight', async () => {
  for (let i = 1; i <= 10; i += 1) put(`turns/${i}.wav`, recording({ rateHz: 8000, speechMs: 500 }));
  const calls = await readRecordings(dir);
  expect(calls.map(({ id, clips }) => [id, clips.length])).toEqual([
    ['turns', 8],
    ['turns-2', 2],
  ]);
  expect(calls[1]!.files.map(({ name }) => name)).toEqual([join('turns', '9.wav'), join('turns', '10.wav')]);
});

it('takes words and speakers from a manifest beside the recordings or above them', async () => {
  put('turns/a.wav', recording({ rateHz: 8000, speechMs: 500 }));
  put(
    'manifest.jsonl',
    '{"file":"turns/a.wav","speaker":"s1","text":"hello there"}\n\nnull\n{"kind":"noise"}\n',
  );
  const [call] = await readRecordings(join(dir, 'turns'));
  expect(call!.clips[0]!.line).toMatchObject({ speaker: 's1', parts: ['hello there'] });
  put('manifest.jsonl', '{"file":"turns/a.wav"}\nnot json\n');
  expect(await refusal()).toMatch(/manifest\.jsonl:2 is no JSON/);
});

it('is followed by its own background', async () => {
  put('a.wav', recording({ rateHz: 16_000, speechMs: 700 }));
  const [call] = await readRecordings(dir);
  const { echo, background } = call!.clips[0]!.after!;
  expect(echo.length).toBe(0.15 * 16_000);
  expect(Math.abs(background.length / 16 - 850)).toBeLessThanOrEqual(20);
});
