import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { FLITE_VOICES, fliteTts } from '@firstword/local';
import { afterAll, describe, expect, it } from 'vitest';
import { rms } from '../audio/level.js';

const tts = fliteTts();
afterAll(() => tts.close());

async function spoken(text: string, engine = tts): Promise<Int16Array[]> {
  const frames: Int16Array[] = [];
  for await (const frame of engine.synthesize(text)) frames.push(frame);
  return frames;
}

const durationMs = (frames: Int16Array[], rateHz = 24_000) =>
  (frames.reduce((total, frame) => total + frame.length, 0) * 1_000) / rateHz;

describe('flite', () => {
  it('speaks in frames of 20 ms at most, loud enough to hear', async () => {
    const frames = await spoken('Good morning, how can I help you?');
    expect(Math.max(...frames.map((frame) => frame.length))).toBe(480);
    expect(durationMs(frames)).toBeGreaterThan(1_000);
    expect(Math.max(...frames.map(rms))).toBeGreaterThan(1_000);
  });

  it.each(FLITE_VOICES)('has the voice %s, at the requested rate', async (voice) => {
    const engine = fliteTts({ voice, sampleRateHz: 8_000 });
    const frames = await spoken('Good morning to you.', engine);
    await engine.close();
    expect(durationMs(frames, 8_000)).toBeGreaterThan(700);
    expect(durationMs(frames, 8_000)).toBeLessThan(3_000);
  });

  it.each(['', '  ', '😀🎉', '\u0000\u0007', '...'])('yields no frames for %j', async (text) => {
    expect(await spoken(text)).toEqual([]);
  });

  it('speaks the speakable part of a hostile text', async () => {
    const text = `-o /etc/passwd \u0000 <speak> 😀 ${'a'.repeat(80)} $(reboot) %s%n नमस्ते`;
    expect(durationMs(await spoken(text))).toBeGreaterThan(1_000);
  });

  it('gives the first frames of a long text without rendering the rest', async () => {
    const words = 'This sentence is one of very many. '.repeat(2_000);
    let frames = 0;
    for await (const _frame of tts.synthesize(words)) if (++frames === 10) break;
    // The rest of the long text does not delay the next one.
    expect(durationMs(await spoken('And now this.'))).toBeLessThan(3_000);
  });

  it.runIf(process.platform === 'linux')('opens no file for a piece of text', async () => {
    const openFiles = () => readdirSync('/proc/self/fd').length;
    await spoken('Ready.');
    const before = openFiles();
    await spoken('Yes. '.repeat(30));
    expect(openFiles()).toBe(before);
  });

  it('speaks two texts at once without mixing them up', async () => {
    const [short, long, alone] = [
      spoken('Yes.'),
      spoken('This is a much longer sentence than the other. And another.'),
      spoken('Yes.'),
    ];
    expect(await short).toEqual(await alone);
    expect(durationMs(await long)).toBeGreaterThan(2_000);
  });
});

describe('stopping', () => {
  it('ends the frames with an error at the next one', async () => {
    const stop = new AbortController();
    const frames: Int16Array[] = [];
    const speaking = (async () => {
      for await (const frame of tts.synthesize('A sentence that is cut off.', { signal: stop.signal })) {
        frames.push(frame);
        if (frames.length === 3) stop.abort();
      }
    })();
    await expect(speaking).rejects.toMatchObject({ code: 'aborted' });
    expect(frames.length).toBe(3);
  });

  it('before the start renders nothing', async () => {
    const speaking = tts
      .synthesize('Never said.', { signal: AbortSignal.abort() })
      [Symbol.asyncIterator]()
      .next();
    await expect(speaking).rejects.toMatchObject({ code: 'aborted' });
  });

  it('by closing ends the current text and rejects more', async () => {
    const engine = fliteTts();
    await engine.ready();
    const speaking = spoken('This will not be finished.', engine);
    const ended = expect(speaking).rejects.toMatchObject({ code: 'aborted' });
    await engine.close();
    await ended;
    await expect(engine.ready()).rejects.toMatchObject({ code: 'aborted' });
  });

  it('a queued text does not affect the worker', async () => {
    await expect(tts.ready({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(durationMs(await spoken('Still here.'))).toBeGreaterThan(300);
  });
});

it('lists the available voices for an unknown one', () => {
  expect(() => fliteTts({ voice: 'siri' })).toThrow(
    expect.objectContaining({ code: 'bad_input', message: expect.stringContaining(FLITE_VOICES.join(', ')) }),
  );
});

it('rejects an unsupported rate', () => {
  expect(() => fliteTts({ sampleRateHz: 11_025 })).toThrow(expect.objectContaining({ code: 'bad_input' }));
});

it('prints nothing, and does not keep a finished program alive', async () => {
  const program = `
    import { fliteTts } from '@firstword/local';
    for await (const frame of fliteTts().synthesize('Done. '.repeat(12))) frame;
  `;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    {
      cwd: import.meta.dirname,
    },
  );
  expect([stdout, stderr]).toEqual(['', '']);
});
