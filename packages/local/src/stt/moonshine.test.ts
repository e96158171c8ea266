import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fliteTts, type Moonshine, moonshineStt } from '@firstword/local';
import type { Transcript, TranscriptStream } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const FRAME_SAMPLES = 160;
const ORDER = 'I would like to book a table for two people tomorrow evening, please.';
const QUESTION = 'What time do you open on Sunday?';

const stt = moonshineStt();
const clips = new Map<string, Int16Array>();
const noises = new Int16Array(FRAME_SAMPLES);

beforeAll(async () => {
  const tts = fliteTts({ sampleRateHz: 16_000 });
  for (const text of [ORDER, QUESTION]) {
    const samples: number[] = [];
    for await (const frame of tts.synthesize(text)) samples.push(...frame);
    clips.set(text, Int16Array.from(samples));
  }
  await Promise.all([tts.close(), stt.ready()]);
});
afterAll(() => stt.close());

/** A stream whose transcripts can be waited for. */
function listen(engine: Moonshine) {
  const transcripts: Transcript[] = [];
  const errors: Error[] = [];
  let tell = () => {};
  const stream = engine.openStream({
    onTranscript: (transcript) => {
      transcripts.push(transcript);
      tell();
    },
    onError: (error) => errors.push(error),
  });
  const until = async (kind: Transcript['kind'], count: number) => {
    const found = () => transcripts.filter((t) => t.kind === kind);
    while (found().length < count) await new Promise<void>((resolve) => (tell = resolve));
    return found()[count - 1]!;
  };
  return { stream, transcripts, errors, until };
}

function push(stream: TranscriptStream, samples: Int16Array): void {
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    stream.push(samples.subarray(at, at + FRAME_SAMPLES));
  }
}

function silence(stream: TranscriptStream, ms: number): void {
  for (let at = 0; at < ms; at += 10) stream.push(noises);
}

const words = (text: string) => text.toLowerCase().match(/[a-z']+/g) ?? [];
const gone = (pid: number) =>
  vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 20_000, interval: 20 });

describe('Moonshine', () => {
  it('understands a sentence spoken by flite', async () => {
    const { stream, until } = listen(stt);
    stream.beginUtterance();
    push(stream, clips.get(ORDER)!);
    stream.endUtterance();
    const final = await until('final', 1);
    expect(words(final.text)).toEqual(
      expect.arrayContaining(['book', 'table', 'people', 'tomorrow', 'evening']),
    );
    expect(final.audioMs).toBeCloseTo(clips.get(ORDER)!.length / 16);
    stream.close();
  });

  it('sends growing interims while the caller speaks', async () => {
    const { stream, transcripts, until } = listen(stt);
    stream.beginUtterance();
    const clip = clips.get(ORDER)!;
    const third = Math.floor(clip.length / 3);
    for (const part of [0, 1, 2]) {
      push(stream, clip.subarray(part * third, (part + 1) * third));
      await until('interim', part + 1);
    }
    const lengths = transcripts.slice(0, 3).map((t) => words(t.text).length);
    expect(lengths[1]).toBeGreaterThan(lengths[0]!);
    expect(lengths[2]).toBeGreaterThan(lengths[1]!);
    stream.close();
  });

  it('reuses the pause decode for the final', async () => {
    const { stream, transcripts, until } = listen(stt);
    stream.beginUtterance();
    push(stream, clips.get(QUESTION)!);
    silence(stream, 100);
    stream.hintPause();
    while (transcripts.at(-1)?.audioMs !== clips.get(QUESTION)!.length / 16 + 100) {
      await until('interim', transcripts.length + 1);
    }
    const pause = transcripts.at(-1)!;
    silence(stream, 150);
    stream.endUtterance();
    const final = await until('final', 1);
    // The very same decode: no two take the same time to the microsecond.
    expect([final.text, final.decodeMs]).toEqual([pause.text, pause.decodeMs]);
    expect(words(final.text)).toEqual(expect.arrayContaining(['time', 'open', 'sunday']));
    stream.close();
  });

  it('transcribes two callers at once and does not mix them up', async () => {
    const [a, b] = [listen(stt), listen(stt)];
    a.stream.beginUtterance();
    b.stream.beginUtterance();
    const [order, question] = [clips.get(ORDER)!, clips.get(QUESTION)!];
    for (let at = 0; at < order.length; at += FRAME_SAMPLES) {
      a.stream.push(order.subarray(at, at + FRAME_SAMPLES));
      b.stream.push(question.subarray(at, at + FRAME_SAMPLES));
    }
    a.stream.endUtterance();
    b.stream.endUtterance();
    expect(words((await a.until('final', 1)).text)).toContain('table');
    expect(words((await b.until('final', 1)).text)).toContain('sunday');
    a.stream.close();
    b.stream.close();
  });

  it('recognizes nothing in noise', async () => {
    const { stream, until } = listen(stt);
    let seed = 7;
    const noise = Int16Array.from({ length: 32_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (seed / 2_147_483_648 - 0.5) * 6_000;
    });
    stream.beginUtterance();
    push(stream, noise);
    stream.endUtterance();
    expect((await until('final', 1)).text).toBe('');
    stream.close();
  });

  it('accepts speech that is shorter than the model accepts', async () => {
    const { stream, until, errors } = listen(stt);
    stream.beginUtterance();
    push(stream, clips.get(QUESTION)!.subarray(4_000, 4_800));
    stream.endUtterance();
    await until('final', 1);
    expect(errors).toEqual([]);
    stream.close();
  });
});

describe('the process', () => {
  it('is replaced when it is killed in mid-utterance, and the final still comes', async () => {
    const { stream, errors, transcripts, until } = listen(stt);
    const victim = stt.pid!;
    stream.beginUtterance();
    push(stream, clips.get(QUESTION)!);
    stream.endUtterance();
    process.kill(victim, 'SIGKILL');
    const final = await until('final', 1);
    expect(words(final.text)).toContain('sunday');
    expect(errors).toEqual([expect.objectContaining({ code: 'worker_died' })]);
    expect(stt.pid).not.toBe(victim);
    await stt.ready();
    expect(transcripts.filter((t) => t.kind === 'final').length).toBe(1);
    stream.close();
  });

  it('is gone after close, which ends all streams', async () => {
    const engine = moonshineStt();
    await engine.ready();
    const pid = engine.pid!;
    const { stream, transcripts } = listen(engine);
    await engine.close();
    await gone(pid);
    stream.endUtterance();
    expect(transcripts).toEqual([]);
    await expect(engine.ready()).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is gone when its owner is killed', async () => {
    const owner = fork(fileURLToPath(new URL('./fixtures/owner.mjs', import.meta.url)), { execArgv: [] });
    const [pid] = (await once(owner, 'message')) as [number];
    owner.kill('SIGKILL');
    await gone(pid);
  });

  it('rejects ready() when its signal is aborted', async () => {
    const engine = moonshineStt();
    await expect(engine.ready({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    await engine.close();
  });
});

describe('a model file', () => {
  const packaged = fileURLToPath(
    new URL('../../../../node_modules/@moonshine-ai/moonshine-js/dist/model/tiny/quantized', import.meta.url),
  );

  it.each([
    ['encoder_model.onnx', 'damaged'],
    ['decoder_model_merged.onnx', 'missing'],
  ])('%s that is %s is reported, with what to do', async (file, how) => {
    const modelDir = await mkdtemp(join(tmpdir(), 'firstword-model-'));
    await cp(packaged, modelDir, { recursive: true });
    if (how === 'missing') await rm(join(modelDir, file));
    else await truncate(join(modelDir, file), 1_000_000);
    const engine = moonshineStt({ modelDir });
    await expect(engine.ready()).rejects.toMatchObject({
      code: 'model_file',
      message: expect.stringMatching(new RegExp(`${join(modelDir, file)}.*modelDir`)),
    });
    const { stream, until } = listen(engine);
    stream.beginUtterance();
    push(stream, clips.get(QUESTION)!);
    stream.endUtterance();
    expect((await until('final', 1)).text).toBe('');
    await engine.close();
    await rm(modelDir, { recursive: true });
  });
});

it.each([{ interimEveryMs: 0 }, { maxSegmentMs: 100 }, { maxSegmentMs: Number.NaN }])(
  'rejects %j',
  (options) => {
    expect(() => moonshineStt(options)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  },
);
