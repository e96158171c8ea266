import { TTS } from '@livekit/agents-plugin-deepgram';
import { expect, it } from 'vitest';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { synthesized } from '../../testing/caller.js';

it('speaks through LiveKit’s plugin, with a connection for each answer', async () => {
  const emulator = await startSpeechEmulator({ ttsProfile: 'instant-tts' });
  const tts = new TTS({ apiKey: 'any', baseUrl: emulator.origin, sampleRate: 24_000 });
  for (let answer = 1; answer <= 2; answer += 1) {
    const { samples, rateHz } = await synthesized(tts, ['Good evening, how can I help you today?']);
    expect(rateHz).toBe(24_000);
    expect(samples.length / rateHz).toBeGreaterThan(1.5);
    expect(samples.some((sample) => Math.abs(sample) > 3000)).toBe(true);
    expect(emulator.speechStats().services['deepgram-tts']).toMatchObject({
      connections: answer,
      syntheses: answer,
    });
  }
  await emulator.close();
});
