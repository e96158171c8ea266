import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWav } from '@firstword/local';
import type { FirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { voice } from '../testing/sound.js';
import { detectGapsInFile } from './gap-detector.js';
import { StreamResampler } from './stream-resampler.js';
import { openTape, type TapeOptions } from './tape.js';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-tape-'));
  path = join(dir, 'new', 'call.wav');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const frame = (value: number, samples = 480) => new Int16Array(samples).fill(value);

async function taped(
  write: (tape: ReturnType<typeof openTape>) => void,
  options: Partial<TapeOptions> = {},
): Promise<[Int16Array, Int16Array]> {
  const tape = openTape({ path, originMs: 1000, ...options });
  write(tape);
  await tape.close();
  const wav = readWav(readFileSync(path));
  expect(wav.sampleRateHz).toBe(24_000);
  return wav.channels as [Int16Array, Int16Array];
}

describe('a tape', () => {
  it('has the caller on the left and the agent on the right, at their times', async () => {
    const [left, right] = await taped((tape) => {
      tape.caller(1000, frame(11), 24_000);
      tape.agent(1010, frame(22), 24_000);
    });
    expect([left.length, right.length]).toEqual([720, 720]);
    expect([left[0], left[479], left[480]]).toEqual([11, 11, 0]);
    expect([right[239], right[240], right[719]]).toEqual([0, 22, 22]);
  });

  it('starts with the first audio without an origin', async () => {
    const [left] = await taped((tape) => tape.caller(5000, frame(7), 24_000), { originMs: undefined });
    expect([left.length, left[0]]).toEqual([480, 7]);
  });

  it('fills a gap of any length with digital silence', async () => {
    const [left, right] = await taped((tape) => {
      tape.caller(1000, frame(5), 24_000);
      tape.caller(61_000, frame(6), 24_000);
      tape.agent(60_990, frame(9), 24_000);
    });
    expect(left.length).toBe(60 * 24_000 + 480);
    expect(left.subarray(480, 60 * 24_000).every((sample) => sample === 0)).toBe(true);
    expect([left[60 * 24_000], right[60 * 24_000 - 240]]).toEqual([6, 9]);
  });

  it('joins frames with jittering timestamps into one stream without holes', async () => {
    const jitterMs = [0, 3, -2, 4, -4, 1];
    const [left] = await taped((tape) => {
      for (const [i, by] of jitterMs.entries()) tape.caller(1000 + i * 20 + by, frame(5), 24_000);
    });
    expect(left.length).toBe(6 * 480);
    expect(left.every((sample) => sample === 5)).toBe(true);
  });

  it('keeps existing audio when later audio has an earlier timestamp', async () => {
    const [, right] = await taped((tape) => {
      tape.agent(1000, frame(5), 24_000);
      tape.agent(1010, frame(6), 24_000);
    });
    expect([right.length, right[479], right[480], right[719]]).toEqual([720, 5, 6, 6]);
  });

  it('removes agent audio that was cleared before it was played, and continues after it', async () => {
    const [, right] = await taped((tape) => {
      tape.caller(1000, frame(1, 2400), 24_000);
      tape.agent(1000, frame(5), 24_000);
      tape.agent(1020, frame(5), 24_000);
      tape.agentCut(1010);
      tape.agent(1080, frame(6), 24_000);
    });
    expect([right[239], right[240], right[959], right[1919], right[1920]]).toEqual([5, 0, 0, 0, 6]);
  });

  it('resamples without shifting or breaking the audio', async () => {
    const sound = voice({ ms: 3000, levelDb: -20, rateHz: 16_000 });
    const [left] = await taped((tape) => {
      for (let i = 0; i < sound.length; i += 320) {
        tape.caller(1500 + i / 16, sound.slice(i, i + 320), 16_000);
      }
    });
    const same = voice({ ms: 3000, levelDb: -20, rateHz: 24_000 });
    expect(left.length).toBe(3.5 * 24_000);
    const worst = same.subarray(100, -100).reduce((most, sample, i) => {
      return Math.max(most, Math.abs(sample - left[12_000 + 100 + i]!));
    }, 0);
    expect(worst).toBeLessThan(40);
  });

  it('records a long call of both speakers in pieces', async () => {
    const [left, right] = await taped((tape) => {
      for (let i = 0; i < 1000; i += 1) {
        tape.caller(1000 + i * 20, frame(1 + (i % 100)), 24_000);
        tape.agent(1000 + i * 20, frame(-1 - (i % 100)), 24_000);
      }
    });
    expect(left.length).toBe(480_000);
    expect(left.every((sample, at) => sample === 1 + (Math.floor(at / 480) % 100))).toBe(true);
    expect(right.every((sample, at) => sample === -left[at]!)).toBe(true);
  });

  it('gives the gap detector the gap that was recorded', async () => {
    await taped((tape) => {
      tape.caller(1200, voice({ ms: 1500, levelDb: -20, rateHz: 16_000 }), 16_000);
      tape.agent(3337, voice({ ms: 1000, levelDb: -20, rateHz: 24_000 }), 24_000);
    });
    const { turns } = await detectGapsInFile(path);
    expect(turns).toHaveLength(1);
    expect(Math.abs(turns[0]!.gapMs - 637)).toBeLessThanOrEqual(10);
  });

  it('is a valid file with nearly all of the call when the process is killed', async () => {
    const script = fileURLToPath(new URL('../testing/tape-then-hang.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, path]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const bytes = readFileSync(path);
    const { channels } = readWav(bytes);
    // Ten seconds were recorded, of which the last three may be lost.
    expect(channels[0]!.length).toBeGreaterThanOrEqual(7 * 24_000);
    expect(bytes.readUInt32LE(40)).toBe(channels[0]!.length * 4);
    expect(channels[0]!.every((sample) => sample === 5)).toBe(true);
  });
});

describe('a tape that cannot be written', () => {
  it('is rejected at once, saying what to do', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => openTape({ path: join(dir, 'file', 'call.wav') })).toThrow(
      expect.objectContaining({ code: 'unwritable', message: expect.stringContaining('choose a folder') }),
    );
  });

  it.runIf(process.platform === 'linux')(
    'is reported once when the disk is full, and the call continues',
    async () => {
      symlinkSync('/dev/full', join(dir, 'full.wav'));
      const errors: FirstwordError[] = [];
      const tape = openTape({ path: join(dir, 'full.wav'), onError: (error) => errors.push(error) });
      for (let i = 0; i < 300; i += 1) tape.caller(i * 20, frame(1), 24_000);
      await tape.close();
      expect(errors.map((error) => error.code)).toEqual(['unwritable']);
    },
  );

  it('ignores audio after it was closed, and can be closed twice', async () => {
    const tape = openTape({ path });
    await tape.close();
    tape.caller(0, frame(1), 24_000);
    await tape.close();
    expect(readWav(readFileSync(path)).channels[0]!.length).toBe(0);
  });
});

it('resamples to the same output for any block size', () => {
  const sound = voice({ ms: 200, levelDb: -20, rateHz: 16_000 });
  const through = (pieceSamples: number) => {
    const resampler = new StreamResampler({ fromHz: 16_000, toHz: 24_000 });
    const out: number[] = [];
    for (let i = 0; i < sound.length; i += pieceSamples)
      out.push(...resampler.push(sound.slice(i, i + pieceSamples)));
    out.push(...resampler.end());
    return out;
  };
  const whole = through(sound.length);
  expect(whole).toHaveLength(4800);
  for (const pieceSamples of [1, 7, 320]) expect(through(pieceSamples)).toEqual(whole);
});
