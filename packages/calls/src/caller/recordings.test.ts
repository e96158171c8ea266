import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '@firstword/local';
import { isFirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mix, noise, voice } from '../testing/sound.js';
import { readRecordings } from './recordings.js';

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
  const right = voice({ ms: speechMs + 1500, levelDb: -10, rateHz });
  return writeWav({ sampleRateHz: rateHz, channels: stereo ? [left, right] : [left] });
}

const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), bytes);
};

async function refusal(): Promise<string> {
  try {
    await readRecordings(dir);
  } catch (error) {
    if (isFirstwordError(error, 'bad_input')) return error.message;
    throw error;
  }
  return expect.unreachable('the recordings were taken');
}

it('reads one turn per file at any rate, mono or the left channel, trimmed to speech, with its transcript', async () => {
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
  put('odd.wav', recording({ rateHz: 16_001, speechMs: 800 }));
  put('whole-call.wav', recording({ rateHz: 8000, speechMs: 61_000 }));
  const message = await refusal();
  expect(message).toMatch(/^4 recordings cannot be used/);
  for (const why of [/text\.wav.* not a WAV/, /silent\.wav.* no speech/, /16001/, /whole-call\.wav.*60 s/])
    expect(message).toMatch(why);
  expect(message).not.toContain('good.wav');
});

it('says what to do where there are no recordings', async () => {
  expect(await refusal()).toContain('no WAV file');
  await expect(readRecordings(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'bad_input' });
});
