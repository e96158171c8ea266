import { ManualClock } from '@firstword/turn';
import { TTS } from '@livekit/agents-plugin-cartesia';
import { describe, expect, it } from 'vitest';
import type { SpeechFault } from '../../faults/speech-fault.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { ONCE, synthesized } from '../../testing/caller.js';
import { Timers } from '../../timers.js';
import { endsSentence, TextBuffer } from '../../tts/text-buffer.js';

const TEXT = 'Good evening, how can I help you today?';

async function started(fault?: SpeechFault) {
  const emulator = await startSpeechEmulator({
    ttsProfile: 'instant-tts',
    speechFaults: { rules: fault ? [{ fault, nth: [1] }] : [] },
  });
  const tts = new TTS({ apiKey: 'any', baseUrl: emulator.origin, chunkTimeout: 300 });
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
    expect(rateHz).toBe(24_000);
    expect(samples.length / rateHz).toBeGreaterThan(3);
    expect(words.join(' ')).toBe(`${TEXT} We are open until ten in the evening.`);
  }
  expect(emulator.speechStats().services['cartesia-tts']).toMatchObject({ connections: 1, syntheses: 2 });
  await close();
});

it('ends an answer without text', async () => {
  const { tts, close } = await started();
  expect((await synthesized(tts, [])).samples).toHaveLength(0);
  await close();
});

describe('a fault of a synthesis', () => {
  it.each([
    [{ kind: 'reset-audio', afterMs: 300 }],
    [{ kind: 'audio-stalls', afterMs: 300 }],
    [{ kind: 'error-message' }],
  ] as const)('%j leaves the next answer whole', async (fault) => {
    const { tts, close } = await started(fault);
    await synthesized(tts, [TEXT], ONCE);
    expect((await synthesized(tts, [TEXT])).samples.length).toBeGreaterThan(24_000);
    await close();
  });
});

it('waits for the end of a sentence as long as the client allows', () => {
  const clock = new ManualClock();
  const spoken: string[] = [];
  const speak = (text: string) => spoken.push(text);
  const buffer = new TextBuffer({
    timers: new Timers(clock),
    isReady: endsSentence,
    maxDelayMs: 3000,
    speak,
  });
  buffer.add('Good evening, ');
  clock.advance(2900);
  expect(spoken).toEqual([]);
  buffer.add('how can I help?');
  expect(spoken).toEqual(['Good evening, how can I help?']);
  buffer.add('One moment ');
  clock.advance(3000);
  expect(spoken).toHaveLength(2);
});
