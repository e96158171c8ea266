import { inference } from '@livekit/agents';
import { AgentInference } from '@livekit/protocol';
import { expect, it } from 'vitest';
import type { SpeechEmulatorOptions } from '../../options.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { framesOf, silence, spoken } from '../../testing/caller.js';
import { prediction, readRequest, sessionCreated } from './messages.js';

const connOptions = { maxRetry: 0, retryIntervalMs: 10, timeoutMs: 1000 };

async function started(options: SpeechEmulatorOptions) {
  const emulator = await startSpeechEmulator({ predictionMs: 0, ...options });
  const detector = new inference.TurnDetector({
    version: 'v1',
    baseUrl: emulator.url,
    apiKey: 'key',
    apiSecret: 'secret',
    connOptions,
  });
  const stream = detector.stream();
  // The stream drops questions until it is connected, and knows its thresholds only then.
  await expect.poll(() => detector.thresholds.en, { timeout: 5000 }).toBe(0.5);
  const close = async () => {
    await stream.aclose();
    await emulator.close();
  };
  return { emulator, detector, stream, close };
}

it('answers with the probability of the audio since the last flush', async () => {
  const heard: number[] = [];
  const { stream, close } = await started({
    predictTurnEnd: (audio) => {
      heard.push(audio.length / 16);
      return heard.length === 1 ? 0.25 : 0.75;
    },
  });
  const ask = async (ms: number) => {
    for (const frame of framesOf(silence(ms))) stream.pushAudio(frame);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return (await stream.predict().await).endOfTurnProbability;
  };
  expect(await ask(400)).toBe(0.25);
  stream.flush();
  expect(await ask(200)).toBe(0.75);
  expect(heard).toEqual([400, 200]);
  await close();
});

it('makes LiveKit fall back to its local model when the connection closes', async () => {
  const { detector, stream, close } = await started({
    speechFaults: { rules: [{ fault: { kind: 'close-prediction' } }] },
  });
  const event = await stream.predict().await;
  expect(event.endOfTurnProbability).toBe(1);
  expect(detector.model).toBe('turn-detector-v1-mini');
  await close();
});

it('leaves a question without an answer', async () => {
  const { emulator, stream, close } = await started({
    speechFaults: { rules: [{ fault: { kind: 'prediction-never' } }] },
  });
  const question = stream.predict();
  await expect.poll(() => emulator.speechStats().faults['prediction-never']).toBe(1);
  expect(question.done).toBe(false);
  await close();
});

it('reads and writes the messages of LiveKit’s own protocol package', async () => {
  const { ClientMessage, InputAudio, ServerMessage, SessionCreate, SessionSettings } = AgentInference;
  const samples = await spoken('yes');
  const audio = new Uint8Array(samples.buffer);
  const message = new ClientMessage({ message: { case: 'inputAudio', value: new InputAudio({ audio }) } });
  expect(readRequest(message.toBinary())).toMatchObject({ kind: 'audio', bytes: audio });
  const create = new ClientMessage({
    message: {
      case: 'sessionCreate',
      value: new SessionCreate({ settings: new SessionSettings({ sampleRate: 8000 }) }),
    },
  });
  expect(readRequest(create.toBinary())).toMatchObject({ kind: 'create', rateHz: 8000 });
  const created = ServerMessage.fromBinary(sessionCreated(0.5, undefined));
  expect(created.message).toMatchObject({
    case: 'sessionCreated',
    value: { defaultThreshold: 0.5, defaultThresholds: { en: 0.5 } },
  });
  const answer = ServerMessage.fromBinary(
    prediction({ requestId: 'r', probability: 0.75, latencyMs: 1500, audioCreatedAt: undefined }),
  );
  expect(answer.requestId).toBe('r');
  expect(answer.message).toMatchObject({
    case: 'eotPrediction',
    value: { probability: 0.75, inferenceStats: { serverE2eLatency: { seconds: 1n, nanos: 500_000_000 } } },
  });
});
