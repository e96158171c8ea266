import { llm, voice } from '@livekit/agents';
import { answerWith, realtimeSessionOf } from '../internals/answer-llm.js';
import type { RescueReason } from './realtime-turn.js';

const { AgentSessionEventTypes: Event } = voice;

/** What the answer is told of the turn, besides the conversation. */
const GO_ON =
  'Your last message broke off, and the caller has heard only its beginning. Say its last words again and go on from there.';
const REPEAT =
  'The connection failed, and what the caller has just said was lost. Say in one short sentence, in the language of the conversation, that you did not hear it, and ask them to repeat it.';

/** What an answer needs besides the conversation; `undefined` for an ordinary one. */
export function rescueInstructions(
  reason: RescueReason,
  by: 'model' | 'cascade' | 'repeat',
): string | undefined {
  if (by === 'repeat') return REPEAT;
  return reason === 'stopped' ? GO_ON : undefined;
}

/** The caller's words of a turn, if they are known. */
export function wordsOfTurn(session: voice.AgentSession, itemId: string | undefined): string | undefined {
  if (itemId === undefined) return undefined;
  const item = currentContext(session).getById(itemId);
  return item?.type === 'message' ? item.textContent || undefined : undefined;
}

const currentContext = (session: voice.AgentSession): llm.ChatContext => session.currentAgent.chatCtx;

/** Messages of realtime models that nobody has heard. */
const unheard = new WeakMap<voice.AgentSession, Set<string>>();

/** Takes a message that nobody has heard out of the conversation: a model that finds it there takes the caller's turn for answered. */
export function forgetMessage(session: voice.AgentSession, id: string): void {
  const ids = unheard.get(session) ?? new Set();
  unheard.set(session, ids.add(id));
  const realtime = realtimeSessionOf(session);
  if (realtime?.chatCtx.getById(id)) updateRealtimeContext(session, realtime.chatCtx.copy());
}

function withoutUnheard(session: voice.AgentSession, chatCtx: llm.ChatContext): llm.ChatContext {
  const ids = unheard.get(session);
  if (ids) chatCtx.items = chatCtx.items.filter(({ id }) => !ids.has(id));
  return chatCtx;
}

/** LiveKit logs a failure. The model then answers with another conversation in mind than the caller's. */
function updateRealtimeContext(session: voice.AgentSession, chatCtx: llm.ChatContext): void {
  realtimeSessionOf(session)
    ?.updateChatCtx(withoutUnheard(session, chatCtx))
    .catch(() => {});
}

/** The conversation with the agent's instructions, which a realtime model gets apart from it. @param more added to them */
export function cascadeContext(session: voice.AgentSession, more: string | undefined): llm.ChatContext {
  const chatCtx = withoutUnheard(session, currentContext(session).copy());
  const own = session.currentAgent.instructions;
  const content = [typeof own === 'string' ? own : own.value, more].filter(Boolean).join('\n');
  chatCtx.items.unshift(llm.ChatMessage.create({ role: 'system', content, createdAt: 0 }));
  return chatCtx;
}

/**
 * Makes an LLM answer in a realtime session: with the agent's tools, its `llmNode` and `ttsNode`, and the session's TTS. Afterwards
 * the realtime model is told what was said.
 *
 * @param words the caller's words, if the conversation does not have them
 */
export function answerByCascade(options: {
  session: voice.AgentSession;
  llm: llm.LLM;
  chatCtx: llm.ChatContext;
  words?: string | undefined;
}): voice.SpeechHandle {
  const { session, chatCtx, words } = options;
  const handle = answerWith(session, options.llm, () =>
    session.generateReply({ chatCtx, inputModality: 'audio', ...(words ? { userInput: words } : {}) }),
  );
  handle.addDoneCallback(() => tellRealtimeModel(session, handle));
  return handle;
}

/** Adds what was said and which tools were called to the realtime model's conversation. */
function tellRealtimeModel(session: voice.AgentSession, { chatItems }: voice.SpeechHandle): void {
  const realtime = realtimeSessionOf(session);
  if (!realtime || chatItems.length === 0) return;
  const chatCtx = realtime.chatCtx.copy();
  chatCtx.insert([...chatItems]);
  updateRealtimeContext(session, chatCtx);
}

/** Reports errors of an LLM that is not the session's own as errors of the session, while it answers. Returns a stop function. */
export function reportErrorsOf(
  model: llm.LLM,
  session: voice.AgentSession,
  isInUse: () => boolean,
): () => void {
  const onError = (error: Parameters<llm.LLMCallbacks['error']>[0]) => {
    if (isInUse()) session.emit(Event.Error, { type: 'error', createdAt: Date.now(), error, source: model });
  };
  model.on('error', onError);
  return () => model.off('error', onError);
}
