import { systemClock } from '@firstword/turn';
import { inference, initializeLogger } from '@livekit/agents';
import { beforeAll, expect, it } from 'vitest';
import { goesOn, lendExecutor, replacePredictions, setPredictionTimeout } from './predictions.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const LIMIT = { clock: systemClock, answerMs: 60_000, onCancelled: () => {} };

it('an end-of-turn stream still reads `predictionTimeout`, 1 s', () => {
  const stream = new inference.TurnDetector({ version: 'v1-mini' }).stream();
  expect(stream.predictionTimeout).toBe(1000);
  setPredictionTimeout(stream, 2345);
  expect(stream.predictionTimeout).toBe(2345);
});

it('an end-of-turn stream still asks its model in `predict`, and ends a request in `cancelInference`', async () => {
  const answers = [0.2, 0.7];
  const executor = { doInference: async () => ({ probability: answers.shift(), inferenceDurationMs: 1 }) };
  const stream = new inference.TurnDetector({ version: 'v1-mini', executor }).stream();
  const decide: Parameters<typeof replacePredictions>[1] = async (ask) => {
    const first = await ask();
    expect(first.endOfTurnProbability).toBe(0.2);
    return ask();
  };
  replacePredictions(stream, decide, LIMIT);
  expect((await stream.predict().await).endOfTurnProbability).toBe(0.7);
  await stream.aclose();
});

it('an end-of-turn stream still answers a cancelled question with 0, which is not passed on', async () => {
  const executor = { doInference: () => new Promise(() => {}) };
  const stream = new inference.TurnDetector({ version: 'v1-mini', executor }).stream();
  const asked: Promise<unknown>[] = [];
  const decide: Parameters<typeof replacePredictions>[1] = (ask) => {
    const answer = ask();
    asked.push(answer.catch((error: Error) => error.message));
    return answer;
  };
  let cancellations = 0;
  replacePredictions(stream, decide, { ...LIMIT, onCancelled: () => (cancellations += 1) });
  const cancelled = stream.predict();
  const before = cancellations;
  stream.cancelInference();
  expect(cancellations).toBe(before + 1);
  expect((await cancelled.await).endOfTurnProbability).toBe(goesOn().endOfTurnProbability);
  expect(await asked[0]).toBe('the model has not answered');
  await stream.aclose();
});

it('an end-of-turn stream without a model still answers 1 without a duration, which is not passed on', async () => {
  const stream = new inference.TurnDetector({ version: 'v1-mini' }).stream();
  const asked: Promise<unknown>[] = [];
  const decide: Parameters<typeof replacePredictions>[1] = (ask) => {
    const answer = ask();
    asked.push(answer.catch((error: Error) => error.message));
    return answer;
  };
  replacePredictions(stream, decide, LIMIT);
  expect((await stream.predict().await).endOfTurnProbability).toBe(0);
  expect(await asked[0]).toBe('the model has not answered');
  await stream.aclose();
});

it('a turn detector still keeps its model’s executor in `_executor`', async () => {
  const executor = { doInference: async () => ({ probability: 0.7, inferenceDurationMs: 1 }) };
  const detector = new inference.TurnDetector({ version: 'v1-mini' });
  lendExecutor(detector, executor);
  const stream = detector.stream();
  expect((await stream.predict().await).endOfTurnProbability).toBe(0.7);
  await detector.aclose();
});
