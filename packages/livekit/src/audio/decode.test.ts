import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getFfmpegPath } from '@livekit/av';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AAC_M4A, ALAC_M4A, MP3, SILENT_VIDEO, VIDEO } from '../testing/audio-files.js';
import { decodeAudioFile } from './decode.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-decode-'));
  // An FFmpeg of this machine must not help.
  vi.stubEnv('PATH', dir);
  vi.stubEnv('LIVEKIT_FFMPEG_PATH', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

const RATE_HZ = 8000;
const tone = (channels = 1) =>
  Array.from(
    { length: 0.4 * RATE_HZ * channels },
    (_, i) => Math.sin((2 * Math.PI * 440 * Math.floor(i / channels)) / RATE_HZ) / 2,
  );

/** A WAV file in any encoding: 1 PCM, 3 float, 6 A-law, 7 µ-law. */
function wav(options: { encoding: number; bits: number; data: Buffer; channels?: number }): Buffer {
  const { encoding, bits, data, channels = 1 } = options;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(encoding, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE((RATE_HZ * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

function pcm(bits: number, channels = 1): Buffer {
  const values = tone(channels);
  const data = Buffer.alloc((values.length * bits) / 8);
  for (const [i, value] of values.entries())
    data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), (i * bits) / 8, bits / 8);
  return wav({ encoding: 1, bits, data, channels });
}

function float(): Buffer {
  const data = Buffer.alloc(4 * tone().length);
  for (const [i, value] of tone().entries()) data.writeFloatLE(value, 4 * i);
  return wav({ encoding: 3, bits: 32, data });
}

/** G.711, after its definition: sign, segment, position in the segment. */
function companded(law: 'A' | 'µ'): Buffer {
  return Buffer.from(
    tone().map((value) => {
      const size = Math.abs(Math.round(value * 32_767));
      const biased = law === 'µ' ? Math.min(size, 32_635) + 132 : size;
      const segment = Math.max(law === 'µ' ? 0 : 1, Math.floor(Math.log2(Math.max(1, biased))) - 7);
      const position = (biased >> (segment + 3)) & 15;
      const isLow = law === 'A' && biased < 256;
      const code = isLow ? biased >> 4 : (segment << 4) | position;
      return law === 'µ' ? ~((value < 0 ? 128 : 0) | code) & 255 : ((value < 0 ? 0 : 128) | code) ^ 0x55;
    }),
  );
}

const put = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};

function flac(): Buffer {
  const args = ['-v', 'error', '-i', put('source.wav', pcm(16)), '-f', 'flac', 'pipe:1'];
  return execFileSync(getFfmpegPath()!, args);
}

/** Level of 440 Hz in the middle of the decoded sound, of full scale, and its length, ms. */
async function decoded(path: string) {
  const bytes = Buffer.from(await decodeAudioFile(path, { rateHz: 16_000 }));
  const at = bytes.indexOf('data') + 8;
  const samples = Array.from({ length: (bytes.length - at) >> 1 }, (_, i) => bytes.readInt16LE(at + 2 * i));
  const middle = samples.slice(samples.length / 2 - 800, samples.length / 2 + 800);
  const part = (wave: (x: number) => number) =>
    middle.reduce((sum, sample, i) => sum + sample * wave((2 * Math.PI * 440 * i) / 16_000), 0) / 800;
  return { ms: samples.length / 16, level: Math.hypot(part(Math.sin), part(Math.cos)) / 32_768 };
}

describe('a tone is the same in every format', () => {
  const files: [name: string, bytes: () => Buffer][] = [
    ['16-bit.wav', () => pcm(16)],
    ['24-bit.wav', () => pcm(24)],
    ['32-bit.wav', () => pcm(32)],
    ['float.wav', float],
    ['mu-law.wav', () => wav({ encoding: 7, bits: 8, data: companded('µ') })],
    ['a-law.wav', () => wav({ encoding: 6, bits: 8, data: companded('A') })],
    ['raw.ulaw', () => companded('µ')],
    ['raw.alaw', () => companded('A')],
    ['lossless.flac', flac],
    ['apple.m4a', () => ALAC_M4A],
    ['song.mp3', () => MP3],
  ];
  for (const [name, bytes] of files) {
    it(name, async () => {
      const { ms, level } = await decoded(put(name, bytes()));
      // MP3 has a lead-in; the other formats keep the length. The tones of the fixtures are at 1/8 of full scale.
      expect(ms).toBeGreaterThanOrEqual(399);
      expect(ms).toBeLessThanOrEqual(name.endsWith('mp3') ? 600 : 401);
      expect(level).toBeCloseTo(/song|apple/.test(name) ? 0.125 : 0.5, 1);
    });
  }
});

describe('a file that cannot be used is refused with what to do', () => {
  const refusals: [name: string, bytes: Uint8Array | string, message: RegExp][] = [
    ['memo.m4a', AAC_M4A, /AAC audio.*install FFmpeg, or convert.*ffmpeg -i "[^"]*memo\.m4a" "memo\.wav"/],
    ['video.mkv', VIDEO, /is a video: extract its sound with ffmpeg -i .* -vn "video\.wav"/],
    ['mute.mp4', SILENT_VIDEO, /is a video/],
    ['surround.wav', pcm(16, 6), /more than two channels.*-ac 1 "surround-converted\.wav"/],
    ['empty.wav', '', /is empty/],
    ['text.mp3', 'not audio', /not an audio file that can be read/],
    ['noise.wav', Buffer.alloc(5000, 77), /not an audio file that can be read/],
  ];
  for (const [name, bytes, message] of refusals) {
    it(name, async () => {
      await expect(decodeAudioFile(put(name, bytes), { rateHz: 16_000 })).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringMatching(message),
      });
    });
  }

  it('and so is a program that is not there', async () => {
    vi.stubEnv('LIVEKIT_FFMPEG_PATH', join(dir, 'none'));
    await expect(decodeAudioFile(put('tone.wav', pcm(16)), { rateHz: 16_000 })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/LIVEKIT_FFMPEG_PATH is .*none/),
    });
  });

  it('and so is a file that is not there', async () => {
    await expect(decodeAudioFile(join(dir, 'none.wav'), { rateHz: 16_000 })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('no audio file'),
    });
  });
});

it.skipIf(process.platform === 'win32')('reads AAC with the FFmpeg of the system', async () => {
  put('answer.wav', pcm(16));
  chmodSync(put('ffmpeg', `#!/bin/sh\nexec /bin/cat "${join(dir, 'answer.wav')}"\n`), 0o700);
  expect((await decoded(put('memo.m4a', AAC_M4A))).level).toBeCloseTo(0.5, 0);
});

it('stops when it is aborted', async () => {
  const path = put('tone.wav', pcm(16));
  await expect(decodeAudioFile(path, { rateHz: 16_000, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
});
