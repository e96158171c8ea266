import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { framesOf, silence, spoken } from '../../testing/caller.js';

// LiveKit exports neither class.
const folder = join(
  dirname(createRequire(import.meta.url).resolve('@livekit/agents')),
  'inference/interruption',
);
const { AdaptiveInterruptionDetector } = await import(join(folder, 'interruption_detector.js'));
const { InterruptionStreamSentinel } = await import(join(folder, 'interruption_stream.js'));

async function verdictOn(samples: Int16Array) {
  const emulator = await startSpeechEmulator({ predictionMs: 0 });
  const detector = new AdaptiveInterruptionDetector({
    baseUrl: emulator.url,
    apiKey: 'key',
    apiSecret: 'secret',
  });
  const stream = detector.createStream();
  const predictions = () => emulator.speechStats().services['inference-interruption'].predictions;
  await stream.pushFrame(InterruptionStreamSentinel.agentSpeechStarted());
  await stream.pushFrame(InterruptionStreamSentinel.overlapSpeechStarted(0, Date.now()));
  const reader = stream.stream().getReader();
  const first = reader.read();
  const pushing = (async () => {
    for (const frame of framesOf(samples)) {
      await stream.pushFrame(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(predictions, { timeout: 5000 }).toBeGreaterThan(0);
    await stream.pushFrame(InterruptionStreamSentinel.overlapSpeechEnded(Date.now()));
  })();
  const { value } = await first;
  await pushing;
  reader.releaseLock();
  await stream.close();
  await emulator.close();
  return { value, predictions: predictions() };
}

it('tells LiveKit’s detector that speech interrupts', async () => {
  const { value, predictions } = await verdictOn(await spoken('wait a moment please, I would rather have'));
  expect(value).toMatchObject({ type: 'overlapping_speech', isInterruption: true });
  expect(predictions).toBeGreaterThan(0);
});

it('tells it that silence does not', async () => {
  const { value, predictions } = await verdictOn(silence(1000));
  expect(value).toMatchObject({ type: 'overlapping_speech', isInterruption: false });
  expect(predictions).toBeGreaterThan(0);
});
