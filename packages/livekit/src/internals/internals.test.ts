import { AsyncLocalStorage } from 'node:async_hooks';
import { ReadableStream } from 'node:stream/web';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@firstword/turn';
import {
  AgentServer,
  Future,
  inference,
  initializeLogger,
  llm,
  readStream,
  ServerOptions,
  type tts,
  type VADEvent,
  voice,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { ScriptedSTT } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { wrapAgentMethod } from './agent-methods.js';
import { addInputSource } from './audio-input-source.js';
import { containFailure } from './chunked-stream-task.js';
import { answeredStream } from './detector-stream.js';
import { inferenceModelOptions } from './inference-model-options.js';
import { outputsAfter } from './output-chain.js';
import {
  goesOn,
  lendExecutor,
  onEndOfTurnAudio,
  replacePredictions,
  setPredictionTimeout,
} from './predictions.js';
import { releaseRaces } from './race.js';
import { activityParts, activityTurnDetection, replaceParts } from './session-activity.js';
import { wrapSessionAudio } from './session-audio.js';
import { filterSessionErrors } from './session-errors.js';
import { enterSpeechContext } from './speech-task-context.js';
import { forwardConversationItem, forwardKeyterms } from './stt-session-hooks.js';
import { countTakenFlushes } from './tts-input.js';
import {
  type ActivityWatcher,
  detectEndOfTurn,
  isEchoWarmupSet,
  lendWords,
  pauseReply,
  putBackWords,
  removeItem,
  watchActivity,
} from './turn-repair.js';
import { replaceVadEvents, vadOptions } from './vad-stream.js';
import { onWorkerStatus } from './worker-status.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const KEYS = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };

const LIMIT = { clock: systemClock, answerMs: 60_000 };

class BareInput extends voice.AudioInput {}

it('a chunked TTS stream still keeps its task in `mainTask`', () => {
  const inner = new ScriptedTTS(false, () => []);
  const stream: tts.ChunkedStream = inner.synthesize('x');
  const task: unknown = Reflect.get(stream, 'mainTask');
  expect(task).toBeTypeOf('function');
  expect(Reflect.get(containFailure(stream), 'mainTask')).not.toBe(task);
  stream.close();
});

it('a TTS still reads its text and flushes from `input`', async () => {
  const stream = new ScriptedTTS(true).stream();
  const taken = countTakenFlushes(stream);
  expect(taken()).toBe(0);
  for (const text of ['One.', 'Two.']) {
    stream.pushText(text);
    stream.flush();
  }
  await expect.poll(taken).toBe(2);
  stream.close();
});

it('the speech tasks still run in the async context of the SpeechCreated handlers', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  class Agent extends voice.Agent {
    override async llmNode(): Promise<null> {
      seen.push(storage.getStore());
      return null;
    }
  }
  const session = new voice.AgentSession({
    llm: new inference.LLM({ model: 'openai/gpt-4o-mini', ...KEYS }),
  });
  session.on(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) =>
    enterSpeechContext(storage, speechHandle.id),
  );
  await session.start({ agent: new Agent({ instructions: 'x' }) });
  const { id } = session.generateReply({ userInput: 'hello' });
  await expect.poll(() => seen).toEqual([id]);
  await session.close();
});

it.each(['llmNode', 'onUserTurnCompleted'] as const)(
  'an agent still has `%s`, and it can be restored',
  (method) => {
    const agent = new voice.Agent({ instructions: 'x' });
    const own = agent[method];
    expect(own).toBeTypeOf('function');
    const restore = wrapAgentMethod(agent, method, () => async () => null as never);
    expect(agent[method]).not.toBe(own);
    restore();
    expect(agent[method]).toBe(own);
    expect(Object.hasOwn(agent, method)).toBe(false);
  },
);

it('LiveKit Inference still keeps its options in `opts.modelOptions`', () => {
  const modelOptions = { interim_results: false };
  const stt = new inference.STT({ model: 'deepgram/nova-3', modelOptions, ...KEYS });
  const tts = new inference.TTS({ model: 'cartesia/sonic-3', modelOptions: { speed: 'slow' }, ...KEYS });
  expect(inferenceModelOptions(stt)).toMatchObject(modelOptions);
  expect(inferenceModelOptions(tts)).toMatchObject({ speed: 'slow' });
});

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
  replacePredictions(stream, decide, LIMIT);
  const cancelled = stream.predict();
  stream.cancelInference();
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

it('an end-of-turn stream still takes a transport, and its audio in `pushAudio`', async () => {
  const detector = new inference.TurnDetector({ version: 'v1-mini' });
  const seen: string[] = [];
  const stream = answeredStream(detector, {
    onAudio: ({ samplesPerChannel }) => seen.push(`audio ${samplesPerChannel}`),
    onQuestion: (answer) => answer(0.7),
    onCancel: () => seen.push('cancel'),
    onTurnEnd: () => seen.push('end'),
  });
  onEndOfTurnAudio(stream, ({ samplesPerChannel }) => seen.push(`heard ${samplesPerChannel}`));
  stream.pushAudio(new AudioFrame(new Int16Array(160), 16_000, 1, 160));
  await expect.poll(() => seen).toEqual(['heard 160', 'audio 160']);
  const prediction = await stream.predict().await;
  expect(prediction.endOfTurnProbability).toBe(0.7);
  expect(prediction.inferenceDuration).toBeTypeOf('number');
  stream.flush();
  await expect.poll(() => seen).toContain('end');
  expect(seen).toContain('cancel');
  await detector.aclose();
});

it('a session still sets its audio through the setters of `audio`', () => {
  const session = new voice.AgentSession({});
  const wrapped = new BareInput();
  wrapSessionAudio<voice.AudioInput>(session.input, () => wrapped);
  session.input.audio = new BareInput();
  expect(session.input.audio).toBe(wrapped);
});

it('an audio input still reads its sources from `multiStream`', async () => {
  const input = new BareInput();
  const frame = new AudioFrame(new Int16Array(160), 16_000, 1, 160);
  addInputSource(input, new ReadableStream({ start: (controller) => controller.enqueue(frame) }));
  expect((await input.stream.getReader().read()).value).toBe(frame);
});

it('the local VAD still has `_opts`, and streams through `next`', async () => {
  const vad = new inference.VAD();
  expect(vadOptions(vad)).toMatchObject({ activationThreshold: 0.5, deactivationThreshold: 0.35 });
  const emitted = { type: 'emitted' } as unknown as VADEvent;
  const stream = replaceVadEvents(vad.stream(), () => [emitted, emitted]);
  stream.pushFrame(new AudioFrame(new Int16Array(512), 16_000, 1, 512));
  expect([(await stream.next()).value, (await stream.next()).value]).toEqual([emitted, emitted]);
  stream.close();
});

it('an STT still has the internal hooks for keyterms and conversation items', () => {
  const inner = new ScriptedSTT();
  const calls: unknown[] = [];
  inner._updateSessionKeyterms = (keyterms) => calls.push(keyterms);
  inner._pushConversationItem = (event) => calls.push(event.item.id);
  forwardKeyterms(inner, ['Firstword']);
  forwardConversationItem(inner, { item: { id: 'item' } } as never);
  expect(calls).toEqual([['Firstword'], 'item']);
});

it('a worker still reports its status in `worker_msg`', async () => {
  const options = {
    agent: import.meta.filename,
    wsURL: 'ws://127.0.0.1:1',
    apiKey: 'key',
    apiSecret: 'secret',
  };
  const server = new AgentServer(new ServerOptions({ ...options, port: 0 }));
  const statuses: unknown[] = [];
  onWorkerStatus(server.event, (status) => statuses.push(status));
  await server.drain();
  expect(statuses).toEqual([{ isFull: true, load: expect.anything() }]);
});

it('a session still takes its parts from its activity, which exchanges them in `updateModels`', async () => {
  const [own, other, wrapped] = [new ScriptedTTS(true), new ScriptedTTS(true), new ScriptedTTS(true)];
  const session = new voice.AgentSession({ tts: own });
  let changes = 0;
  replaceParts(session, {
    stt: (part) => part,
    llm: (part) => part,
    tts: (part) => (part === own ? wrapped : part),
    vad: (part) => part,
    turnDetection: () => 'stt',
    endpointing: (delays) => ({ ...delays, minDelay: 123 }),
    onChange: () => {
      changes += 1;
    },
  });
  expect(activityParts(session).tts).toBe(own);
  const agent = new voice.Agent({ instructions: 'x' });
  await session.start({ agent });
  expect(activityParts(session).tts).toBe(wrapped);
  expect(session.tts).toBe(own);
  expect(activityTurnDetection(session)).toBe('stt');
  expect(session._activity?.endpointingOpts.minDelay).toBe(123);
  expect(changes).toBe(1);
  await agent.updateOptions({ tts: other });
  expect(activityParts(session).tts).toBe(other);
  expect(changes).toBe(2);
  session.updateOptions({ turnHandling: { turnDetection: 'vad' } });
  expect(activityTurnDetection(session)).toBeInstanceOf(inference.TurnDetector);
  await session.close();
});

it('a session still reports the errors of its parts in `emit`, and counts them in `_onError`', async () => {
  const ttsEngine = new ScriptedTTS(true);
  const session = new voice.AgentSession({ tts: ttsEngine, connOptions: { maxUnrecoverableErrors: 0 } });
  let reported = 0;
  session.on(voice.AgentSessionEventTypes.Error, () => {
    reported += 1;
  });
  let isReported = false;
  filterSessionErrors(session, (_error, report) => isReported && report());
  let closed = false;
  session.on(voice.AgentSessionEventTypes.Close, () => {
    closed = true;
  });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  const error = new Error('x');
  const fail = () =>
    ttsEngine.emit('error', { type: 'tts_error', timestamp: 0, label: 'x', error, recoverable: false });
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  expect([closed, reported]).toEqual([false, 0]);
  isReported = true;
  fail();
  await expect.poll(() => closed).toBe(true);
  expect(reported).toBe(1);
});

it('an audio output still keeps the next one in `nextInChain`', () => {
  class Output extends voice.AudioOutput {
    override clearBuffer(): void {}
  }
  const room = new Output(24_000);
  const recorder = new Output(24_000, room);
  expect([...outputsAfter(new Output(24_000, recorder))]).toEqual([recorder, room]);
});

it('LiveKit still reads a stream in races that `releaseRaces` can replace, and keeps nothing of it', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  releaseRaces();
  const read: WeakRef<object>[] = [];
  const source = new ReadableStream<object>({
    pull(controller) {
      const frame = { samples: new Int16Array(160) };
      read.push(new WeakRef(frame));
      controller.enqueue(frame);
    },
  });
  const session = new AbortController();
  let frames = 0;
  for await (const _ of readStream(source, session.signal)) {
    frames += 1;
    if (frames === 100) break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(read.filter((frame) => frame.deref() !== undefined).length).toBeLessThan(5);
  session.abort();
});

const WATCHER: ActivityWatcher = {
  onVad: () => {},
  keepsAudio: () => true,
  dateOf: () => 1234,
  onTool: () => {},
  keepsTools: () => true,
};

async function openSession(options: voice.AgentSessionOptions = {}) {
  const session = new voice.AgentSession({ stt: new ScriptedSTT(), tts: new ScriptedTTS(true), ...options });
  const agent = new voice.Agent({ instructions: 'x' });
  session.input.audio = new BareInput();
  await session.start({ agent });
  onTestFinished(() => session.close());
  const activity = session._activity!;
  const recognition = Reflect.get(activity, 'audioRecognition') as { audioTranscript: string };
  return { session, agent, activity, recognition };
}

it('an activity still has the methods and fields that the repair of cut-offs reads', async () => {
  const { session, activity } = await openSession();
  const methods = [
    'onVADInferenceDone',
    'shouldDiscardInputAudio',
    'generateReply',
    'interruptByAudioActivity',
  ];
  for (const name of [...methods, 'pauseEnabled'])
    expect(Reflect.get(activity, name), name).toBeTypeOf('function');
  expect(activity._toolExecutor.execute).toBeTypeOf('function');
  expect(session._aecWarmupRemaining).toBe(3000);
  expect(isEchoWarmupSet(session)).toBe(false);
  expect(isEchoWarmupSet(new voice.AgentSession({ aecWarmupDuration: 100 }))).toBe(true);
  // There is no reply to pause.
  expect(pauseReply(session, { inEchoWarmup: true })).toBe(false);
  expect(session._aecWarmupRemaining).toBe(3000);
});

it('a session still dates a reply’s user message, and discards audio, by its activity', async () => {
  const { session, activity } = await openSession({
    llm: new inference.LLM({ model: 'openai/gpt-4o-mini', ...KEYS }),
  });
  watchActivity(session, WATCHER);
  watchActivity(session, { ...WATCHER, dateOf: () => 5678 });
  const discards = Reflect.get(activity, 'shouldDiscardInputAudio') as () => boolean;
  expect(discards()).toBe(false);
  const userMessage = llm.ChatMessage.create({ role: 'user', content: 'hello' });
  activity.generateReply({ userMessage, scheduleSpeech: false });
  expect(userMessage.createdAt).toBe(5678);
});

it('a session still keeps the words of the caller’s turn in `audioTranscript`', async () => {
  const { session, recognition } = await openSession();
  recognition.audioTranscript = 'at eight';
  lendWords(session, 'for four');
  expect(recognition.audioTranscript).toBe('for four at eight');
  await Promise.resolve();
  expect(recognition.audioTranscript).toBe('at eight');
  putBackWords(session, 'for four');
  await Promise.resolve();
  expect(recognition.audioTranscript).toBe('for four at eight');
  const committed: string[] = [];
  session.on(voice.AgentSessionEventTypes.MetricsCollected, () => {});
  session.currentAgent.onUserTurnCompleted = async (_, { textContent }) => {
    committed.push(textContent ?? '');
  };
  detectEndOfTurn(session);
  await expect.poll(() => committed).toEqual(['for four at eight']);
});

it('a chat item is still taken out of the agent’s context and the session’s history', async () => {
  const { session, agent } = await openSession();
  const message = llm.ChatMessage.create({ role: 'user', content: 'hello' });
  agent._chatCtx.insert(message);
  session._conversationItemAdded(message);
  expect([agent.chatCtx.getById(message.id), session.history.getById(message.id)]).toEqual([
    message,
    message,
  ]);
  removeItem(session, agent, message);
  expect([agent.chatCtx.getById(message.id), session.history.getById(message.id)]).toEqual([
    undefined,
    undefined,
  ]);
});

it('a race of `releaseRaces` settles as the language’s own does, and in the same microtask', async () => {
  releaseRaces();
  const LiveKitPromise = new Future().await.constructor as PromiseConstructor;
  const never = new Promise(() => {});
  const cases: (() => unknown[])[] = [
    () => [never, Promise.resolve('a')],
    () => [1, never],
    () => [new Future().await, Promise.reject(new Error('no'))],
    () => [Promise.resolve('a'), Promise.resolve('b')],
    () => [never, new Promise((resolve) => queueMicrotask(() => resolve('late')))],
    () => [LiveKitPromise.resolve('own'), never],
  ];
  for (const values of cases) {
    const settled: string[] = [];
    const note = (which: string, race: Promise<unknown>) =>
      race.then(
        (value) => settled.push(`${which} ${String(value)}`),
        (error: unknown) => settled.push(`${which} ${String(error)}`),
      );
    const own = note('own', Reflect.apply(Promise.race, LiveKitPromise, [values()]));
    await Promise.all([own, note('released', LiveKitPromise.race(values()))]);
    expect(settled[1]).toBe(settled[0]!.replace('own', 'released'));
  }
});
