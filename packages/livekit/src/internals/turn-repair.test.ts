import { inference, initializeLogger, llm, voice } from '@livekit/agents';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { ScriptedSTT } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
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

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const KEYS = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };

class BareInput extends voice.AudioInput {}

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
