import { inference, stt, tts } from '@livekit/agents';
import { TTS as CartesiaTTS } from '@livekit/agents-plugin-cartesia';
import { STT as DeepgramSTT } from '@livekit/agents-plugin-deepgram';
import { TTS as ElevenLabsTTS } from '@livekit/agents-plugin-elevenlabs';
import { describe, expect, it } from 'vitest';
import { joined } from './audio/pcm.js';
import type { SpeechFault } from './faults/speech-fault.js';
import { transcriptRecognizer } from './hear/transcript.js';
import type { SpeechService } from './service.js';
import { startSpeechEmulator } from './speech-emulator.js';
import { pushAtPace, reportedBy, silence, spoken, synthesized } from './testing/caller.js';

const LINE = 'table for four please';

function emulatorWith(service: SpeechService, fault: SpeechFault, until?: number) {
  return startSpeechEmulator({
    recognizer: transcriptRecognizer([{ text: LINE }]),
    ttsProfile: 'instant-tts',
    speechFaults: { rules: [{ fault, service, ...(until === undefined ? {} : { until }) }] },
  });
}

describe.concurrent('LiveKit’s FallbackAdapter', () => {
  it.each([
    [{ kind: 'refuse' }],
    [{ kind: 'http-error', status: 401 }],
    [{ kind: 'http-error', status: 429 }],
  ] as const)('takes the next STT after %j', async (fault) => {
    const emulator = await emulatorWith('deepgram-stt', fault);
    const adapter = new stt.FallbackAdapter({
      sttInstances: [
        new DeepgramSTT({ apiKey: 'any', baseUrl: emulator.origin.replace('http', 'ws') }),
        new inference.STT({ model: 'deepgram/nova-3', baseURL: emulator.url, apiKey: 'k', apiSecret: 's' }),
      ],
      maxRetryPerSTT: 0,
      retryIntervalMs: 10,
    });
    adapter.on('error', () => {});
    const stream = adapter.stream();
    const pushing = pushAtPace(stream, joined([silence(300), await spoken(LINE), silence(600)]));
    const reported = await reportedBy(stream, (all) => all.some(({ type }) => type === 'final'));
    await pushing;
    expect(reported.at(-1)!.text).toBe('Table for 4 please.');
    expect(emulator.speechStats().services['deepgram-stt'].refused).toBeGreaterThan(0);
    stream.close();
    await adapter.close();
    await emulator.close();
  });

  it('takes the next TTS when the first cannot be reached', async () => {
    // Once only: the adapter tries again over HTTP, and a refusal there is an unhandled rejection in LiveKit 1.9.0.
    const emulator = await emulatorWith('elevenlabs-tts', { kind: 'http-error', status: 402 }, 1);
    const adapter = new tts.FallbackAdapter({
      ttsInstances: [
        new ElevenLabsTTS({ apiKey: 'any', baseURL: `${emulator.origin}/v1` }),
        new CartesiaTTS({ apiKey: 'any', baseUrl: emulator.origin }),
      ],
      maxRetryPerTTS: 0,
    });
    adapter.on('error', () => {});
    const { samples, rateHz } = await synthesized(adapter, ['Good evening, how can I help you today?']);
    expect(samples.length / rateHz).toBeGreaterThan(1.5);
    expect(emulator.speechStats().services['cartesia-tts'].syntheses).toBe(1);
    await adapter.close();
    await emulator.close();
  });
});
