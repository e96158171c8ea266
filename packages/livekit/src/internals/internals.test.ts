import { AsyncLocalStorage } from 'node:async_hooks';
import { ReadableStream } from 'node:stream/web';
import {
  AgentServer,
  inference,
  initializeLogger,
  ServerOptions,
  type tts,
  type VADEvent,
  voice,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';
import { ScriptedSTT } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { wrapAgentMethod } from './agent-methods.js';
import { addInputSource } from './audio-input-source.js';
import { containFailure } from './chunked-stream-task.js';
import { inferenceModelOptions } from './inference-model-options.js';
import { outputsAfter } from './output-chain.js';
import { activityParts, activityTurnDetection, replaceParts } from './session-activity.js';
import { wrapSessionAudio } from './session-audio.js';
import { filterSessionErrors } from './session-errors.js';
import { enterSpeechContext } from './speech-task-context.js';
import { forwardConversationItem, forwardKeyterms } from './stt-session-hooks.js';
import { dropClosedConnections } from './tts-connections.js';
import { countTakenFlushes } from './tts-input.js';
import { replaceVadEvents, vadOptions } from './vad-stream.js';
import { onWorkerStatus } from './worker-status.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const KEYS = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };

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

it('a TTS of LiveKit Inference still keeps its connections in `pool.available`', () => {
  const removed: unknown[] = [];
  const hosted = new inference.TTS({ ...KEYS, model: 'cartesia/sonic-3' });
  const [open, closed] = [{ readyState: 1 }, { readyState: 3 }] as never[];
  hosted.pool.remove = (connection) => removed.push(connection);
  // A connection is `available` once it has been put back.
  Reflect.get(hosted.pool, 'connections').set(open, 0).set(closed, 0);
  hosted.pool.put(open!);
  hosted.pool.put(closed!);
  dropClosedConnections(hosted);
  expect(removed).toEqual([closed]);
});

it('an audio output still keeps the next one in `nextInChain`', () => {
  class Output extends voice.AudioOutput {
    override clearBuffer(): void {}
  }
  const room = new Output(24_000);
  const recorder = new Output(24_000, room);
  expect([...outputsAfter(new Output(24_000, recorder))]).toEqual([recorder, room]);
});
