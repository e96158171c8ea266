import { TTS } from '@livekit/agents-plugin-elevenlabs';
import { describe, expect, it } from 'vitest';
import type { SpeechFault } from '../../faults/speech-fault.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { ONCE, synthesized } from '../../testing/caller.js';

const TEXT = 'Good evening, how can I help you today?';

async function started(options: { fault?: SpeechFault; autoMode?: boolean } = {}) {
  const emulator = await startSpeechEmulator({
    ttsProfile: 'instant-tts',
    speechFaults: { rules: options.fault ? [{ fault: options.fault, nth: [1] }] : [] },
  });
  const tts = new TTS({
    apiKey: 'any',
    baseURL: `${emulator.origin}/v1`,
    ...(options.autoMode === undefined ? {} : { autoMode: options.autoMode }),
  });
  tts.on('error', () => {});
  const close = async () => {
    await tts.close();
    await emulator.close();
  };
  return { emulator, tts, close };
}

it('speaks through LiveKit’s plugin, answer after answer on one connection, with the words', async () => {
  const { emulator, tts, close } = await started();
  for (let answer = 0; answer < 2; answer += 1) {
    const { samples, rateHz, words } = await synthesized(tts, [
      TEXT,
      'We are open until ten in the evening.',
    ]);
    expect(rateHz).toBe(22_050);
    expect(samples.length / rateHz).toBeGreaterThan(3);
    expect(words.join(' ').split(' ')).toContain('evening,');
    expect(words.length).toBeGreaterThan(14);
  }
  expect(emulator.speechStats().services['elevenlabs-tts']).toMatchObject({ connections: 1, syntheses: 2 });
  await close();
});

it('speaks the whole text without auto mode, too', async () => {
  const { tts, close } = await started({ autoMode: false });
  const { samples, rateHz } = await synthesized(tts, [TEXT]);
  expect(samples.length / rateHz).toBeGreaterThan(1.5);
  await close();
});

it('speaks over HTTP, too', async () => {
  const { tts, close } = await started();
  let samples = 0;
  for await (const { frame } of tts.synthesize(TEXT)) samples += frame.samplesPerChannel;
  expect(samples / 22_050).toBeGreaterThan(1.5);
  await close();
});

it('refuses an HTTP request that is none, and one that a fault refuses', async () => {
  const emulator = await startSpeechEmulator();
  const post = async (body: string) => {
    const url = `${emulator.origin}/v1/text-to-speech/voice/stream`;
    return (await fetch(url, { method: 'POST', body })).status;
  };
  expect(await post('{}')).toBe(422);
  emulator.setSpeechFaults({ rules: [{ fault: { kind: 'http-error', status: 402 } }] });
  expect(await post('{"text":"hello"}')).toBe(402);
  await emulator.close();
});

describe.concurrent('a fault of a synthesis', () => {
  it.each([
    [{ kind: 'close-per-flush' }],
    [{ kind: 'reset-audio', afterMs: 300 }],
    [{ kind: 'error-message' }],
  ] as const)('%j leaves the next answer whole', async (fault) => {
    const { tts, close } = await started({ fault });
    await synthesized(tts, [TEXT], ONCE);
    expect((await synthesized(tts, [TEXT])).samples.length).toBeGreaterThan(22_050);
    await close();
  });
});
