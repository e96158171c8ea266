import { inference } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import type { SpeechFault } from '../../faults/speech-fault.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { synthesized } from '../../testing/caller.js';

const TEXT = 'Good evening, how can I help you today?';

async function started(options: { fault?: SpeechFault; modelOptions?: object; timeoutMs?: number } = {}) {
  const emulator = await startSpeechEmulator({
    ttsProfile: 'instant-tts',
    speechFaults: { rules: options.fault ? [{ fault: options.fault, nth: [1] }] : [] },
  });
  const tts = new inference.TTS({
    model: 'cartesia/sonic-3',
    baseURL: emulator.url,
    apiKey: 'key',
    apiSecret: 'secret',
    modelOptions: options.modelOptions ?? {},
    connOptions: { maxRetry: 2, retryIntervalMs: 10, timeoutMs: options.timeoutMs ?? 2000 },
  });
  const close = async () => {
    await tts.close();
    await emulator.close();
  };
  return { emulator, tts, close };
}

it('speaks answer after answer on one connection', async () => {
  const { emulator, tts, close } = await started();
  for (let answer = 0; answer < 3; answer += 1) {
    const { samples, rateHz } = await synthesized(tts, [TEXT]);
    expect(rateHz).toBe(16_000);
    expect(samples.length / rateHz).toBeGreaterThan(1.5);
    expect(samples.some((sample) => Math.abs(sample) > 3000)).toBe(true);
  }
  const stats = emulator.speechStats().services['inference-tts'];
  expect(stats).toMatchObject({ connections: 1, syntheses: 3 });
  await close();
});

it('reports the words only to clients that ask for them', async () => {
  const asked = await started({ modelOptions: { add_timestamps: true } });
  const { words } = await synthesized(asked.tts, [TEXT]);
  expect(words.join(' ')).toBe(TEXT);
  await asked.close();
  const notAsked = await started();
  expect((await synthesized(notAsked.tts, [TEXT])).words).toEqual([]);
  await notAsked.close();
});

// LiveKit Agents 1.9.0 tries again without the text, which the first attempt has read: the answer is lost.
describe('a fault of a synthesis', () => {
  it.each([
    [{ kind: 'error-message' }],
    [{ kind: 'reset-audio', afterMs: 0 }],
    [{ kind: 'audio-never' }],
    [{ kind: 'audio-missing' }],
  ] as const)('%j costs its answer, not the next one', async (fault) => {
    const { emulator, tts, close } = await started({ fault, timeoutMs: 300 });
    tts.on('error', () => {});
    expect((await synthesized(tts, [TEXT])).samples).toHaveLength(0);
    expect((await synthesized(tts, [TEXT])).samples.length).toBeGreaterThan(16_000);
    expect(emulator.speechStats().faults).toEqual({ [fault.kind]: 1 });
    await close();
  });

  it('a connection that closes after an answer costs the next one: LiveKit’s pool keeps it', async () => {
    const { emulator, tts, close } = await started({ fault: { kind: 'close-per-flush' }, timeoutMs: 300 });
    tts.on('error', () => {});
    const lengths: number[] = [];
    for (let answer = 0; answer < 3; answer += 1) {
      lengths.push((await synthesized(tts, [TEXT])).samples.length);
    }
    expect(lengths.map((length) => length > 0)).toEqual([true, false, true]);
    expect(emulator.speechStats().services['inference-tts'].connections).toBeGreaterThan(1);
    await close();
  });
});

it('speaks words that end no sentence at once only if Cartesia’s buffer delay is 0', async () => {
  const { tts, close } = await started({ modelOptions: { max_buffer_delay_ms: 0 } });
  const stream = tts.stream();
  stream.pushText('We are open until ten tonight, ');
  stream.flush();
  expect((await stream.next()).done).toBe(false);
  stream.close();
  await close();
});
