import { inference } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { joined } from '../../audio/pcm.js';
import { transcriptRecognizer } from '../../hear/transcript.js';
import type { SpeechEmulatorOptions } from '../../options.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { STT_PROFILES } from '../../stt/profiles.js';
import { atLeast, pushAtOnce, pushAtPace, reportedBy, silence, spoken } from '../../testing/caller.js';

const LINE = 'table for four please';

async function started(model: string, options: SpeechEmulatorOptions = {}) {
  const emulator = await startSpeechEmulator({
    recognizer: transcriptRecognizer([{ text: LINE }]),
    ...options,
  });
  const stt = new inference.STT({
    model,
    baseURL: emulator.url,
    apiKey: 'key',
    apiSecret: 'secret',
    connOptions: { maxRetry: 1, retryIntervalMs: 10, timeoutMs: 2000 },
  });
  const errors: unknown[] = [];
  stt.on('error', (error) => errors.push(error));
  const stream = stt.stream();
  const close = async () => {
    stream.close();
    await emulator.close();
  };
  return { emulator, errors, stream, close };
}

describe.concurrent('through LiveKit’s STT', () => {
  it('gives interims and a final of a Nova model', async () => {
    const { stream, close } = await started('deepgram/nova-3:en');
    const pushing = pushAtPace(stream, joined([await spoken(LINE), silence(500)]));
    const reported = await reportedBy(stream, atLeast(1, 'end'));
    await pushing;
    const types = reported.map(({ type }) => type);
    expect(types[0]).toBe('start');
    expect(types.slice(-2)).toEqual(['final', 'end']);
    expect(types).toContain('interim');
    expect(types).not.toContain('preflight');
    expect(reported.at(-2)!.text).toBe('Table for 4 please.');
    await close();
  });

  it('gives a preflight of Flux’s likely end, with the words of the final', async () => {
    const flux = STT_PROFILES.find(({ name }) => name === 'deepgram-flux')!;
    const sttProfile = { ...flux, final: { p50Ms: 300, p95Ms: 300 }, eager: { p50Ms: 150, p95Ms: 150 } };
    const { stream, close } = await started('deepgram/flux-general', { sttProfile });
    const pushing = pushAtPace(stream, joined([await spoken(LINE), silence(700)]));
    const reported = await reportedBy(stream, atLeast(1, 'final'));
    await pushing;
    const preflight = reported.filter(({ type }) => type === 'preflight');
    expect(preflight).toHaveLength(1);
    expect(preflight[0]!.text).toBe(reported.at(-1)!.text);
    await close();
  });

  it('gives AssemblyAI’s interims without format, and its final formatted', async () => {
    const { stream, close } = await started('assemblyai/universal-streaming');
    const pushing = pushAtPace(stream, joined([await spoken(LINE), silence(700)]));
    const reported = await reportedBy(stream, atLeast(1, 'final'));
    await pushing;
    expect(reported.find(({ type }) => type === 'interim')!.text).toMatch(/^table( |$)/);
    expect(reported.find(({ type }) => type === 'preflight')!.text).toBe(LINE);
    expect(reported.at(-1)!.text).toBe('Table for 4 please.');
    await close();
  });

  it('finalizes at the end of the input', async () => {
    const { stream, close } = await started('soniox/stt-rt-v3');
    pushAtOnce(stream, await spoken(LINE));
    stream.endInput();
    const reported = await reportedBy(stream, atLeast(1, 'final'));
    expect(reported.at(-1)!.text).toContain('Table');
    await close();
  });
});

describe.concurrent('a fault of the connection', () => {
  it.each([
    [{ kind: 'refuse' }],
    [{ kind: 'http-error', status: 401 }],
    [{ kind: 'http-error', status: 402 }],
    [{ kind: 'http-error', status: 429 }],
  ] as const)('%j reaches the user of the STT', async (fault) => {
    const { emulator, errors, stream, close } = await started('deepgram/nova-3', {
      speechFaults: { rules: [{ fault }] },
    });
    pushAtOnce(stream, silence(100));
    await reportedBy(stream, () => false);
    expect(errors.length).toBeGreaterThan(0);
    expect(emulator.speechStats().services['inference-stt'].refused).toBeGreaterThan(0);
    await close();
  });

  it('a reset in mid-utterance loses no later words', async () => {
    const { stream, emulator, close } = await started('deepgram/nova-3', {
      sttProfile: 'instant-stt',
      recognizer: transcriptRecognizer([{ text: 'hello there' }, { text: LINE }]),
      speechFaults: { rules: [{ fault: { kind: 'reset-utterance', afterMs: 50 }, nth: [1] }] },
    });
    const pushing = pushAtPace(
      stream,
      joined([await spoken('hello there'), silence(700), await spoken(LINE), silence(500)]),
    );
    const reported = await reportedBy(stream, (all) => all.some(({ text }) => text.includes('please')));
    await pushing;
    expect(reported.at(-1)!.text).toContain('please');
    expect(emulator.speechStats().services['inference-stt'].connections).toBe(2);
    await close();
  });
});
