import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { answerWith } from '../internals/answer-llm.js';
import { onRealtimeSession } from '../internals/realtime-sessions.js';
import { SessionListeners } from '../observe/session-listeners.js';
import { cascadeContext } from './rescue-answer.js';

/** Work that GPT-Live has handed over, and that an LLM has done. Times on the session's clock, ms. */
export interface DelegatedAnswer {
  llm: llm.LLM;
  createdMs: number;
  /** The answer had been given to the voice model. */
  sentMs: number;
}

const { AgentSessionEventTypes: Event } = voice;
const answers = new SessionListeners<DelegatedAnswer>();

/** Calls `listener` whenever an LLM has answered a delegation; the returned function stops it. */
export function watchDelegatedAnswers(
  session: voice.AgentSession,
  listener: (answer: DelegatedAnswer) => void,
): () => void {
  return answers.watch(session, listener);
}

/** The service takes at most 500 tokens an answer; a token has three characters or more. */
const MAX_LETTERS = 1500;
/** Instead of an answer that failed, or to a turn without words. */
const FAILED =
  'Say in one short sentence that you cannot answer just now, and ask the caller to say it again.';

/** What is used of a session of GPT-Live, whose plugin is not a dependency. */
interface LiveSession extends llm.DuplexSession {
  appendCommentary(text: string, options: { delegationId: string }): void;
}

interface Delegation {
  id: string;
  pendingTranscript: string;
}

const isLive = (session: llm.DuplexSession): session is LiveSession =>
  typeof Reflect.get(session, 'appendCommentary') === 'function';

const isMessage = (item: llm.ChatItem, role: llm.ChatRole): item is llm.ChatMessage =>
  item instanceof llm.ChatMessage && item.role === role;

/**
 * What the caller has said since the agent last spoke, as one message, as in a cascade; it is taken out of the conversation. LiveKit's
 * plugin ends the caller's words 800 ms after the last one, and GPT-Live may wait longer than that: words before a pause, or all of
 * them, are in the conversation then, and only the rest is pending.
 *
 * @param pending the plugin's words of the caller that are not in the conversation
 * @param sinceMs what began earlier has been answered, Unix ms: an answer that is still played is not in the conversation
 */
function takeTurn(chatCtx: llm.ChatContext, pending: string, sinceMs: number): llm.ChatMessage {
  const from = chatCtx.items.findLastIndex((item) => isMessage(item, 'assistant')) + 1;
  const isNew = (item: llm.ChatItem) => isMessage(item, 'user') && item.createdAt > sinceMs;
  const said = chatCtx.items.slice(from).filter(isNew) as llm.ChatMessage[];
  chatCtx.items = chatCtx.items.filter((item) => !said.includes(item as llm.ChatMessage));
  const words = [...said.map(({ textContent }) => textContent?.trim()), pending.trim()];
  return llm.ChatMessage.create({ role: 'user', content: words.filter(Boolean).join(' ') });
}

/** The whole answer: the agent's `llmNode`, as in a cascade. */
async function answerText(
  session: voice.AgentSession,
  model: llm.LLM,
  chatCtx: llm.ChatContext,
): Promise<string> {
  const none = new llm.ToolContext([]);
  const stream = await answerWith(session, model, () => session.currentAgent.llmNode(chatCtx, none, {}));
  let text = '';
  if (!stream) return text;
  for await (const chunk of stream) {
    if (typeof chunk === 'string') text += chunk;
    else if (typeof chunk === 'object') text += chunk.delta?.content ?? '';
  }
  return text.trim();
}

/**
 * Answers what GPT-Live delegates to the client with an LLM: the agent's `onUserTurnCompleted` and `llmNode` run as in a cascade, and
 * GPT-Live speaks the answer. Its model needs `delegation: 'client'`, and its agent no tools.
 *
 * @returns a function that disconnects it
 */
export function attachDelegations(
  session: voice.AgentSession,
  options: { model: llm.RealtimeModel; llm: llm.LLM },
  clock: Clock = systemClock,
): () => void {
  const { llm: answering } = options;
  let isOpen = true;
  let newestId: string | undefined;
  /** When the newest work that has been answered was handed over, and the newest whose answer is heard, Unix ms. */
  let sentForMs = 0;
  let answeredUntilMs = 0;
  // A caller who goes on before the answer is heard has said one turn.
  const onState = ({ newState }: voice.AgentStateChangedEvent) => {
    if (newState === 'speaking') answeredUntilMs = sentForMs;
  };
  session.on(Event.AgentStateChanged, onState);
  const answerTo = async (message: llm.ChatMessage, chatCtx: llm.ChatContext) => {
    await session.currentAgent.onUserTurnCompleted(chatCtx, message);
    chatCtx.items.push(message);
    // A failed request has been reported as an error of the session.
    return answerText(session, answering, chatCtx).catch(() => '');
  };
  const answer = async (live: LiveSession, { id, pendingTranscript }: Delegation) => {
    const createdMs = clock.nowMs();
    newestId = id;
    const chatCtx = cascadeContext(session, undefined);
    const createdWallMs = clock.wallMs();
    const message = takeTurn(chatCtx, pendingTranscript, answeredUntilMs);
    const text = message.textContent ? await answerTo(message, chatCtx) : '';
    // A newer delegation is about all that the caller has said.
    if (!isOpen || newestId !== id) return;
    live.appendCommentary((text || FAILED).slice(0, MAX_LETTERS), { delegationId: id });
    sentForMs = createdWallMs;
    answers.report(session, { llm: answering, createdMs, sentMs: clock.nowMs() });
  };
  const stop = onRealtimeSession(options.model, (opened) => {
    const live = Reflect.get(opened, 'duplexSession') as llm.DuplexSession | undefined;
    if (!live || !isLive(live)) return;
    const events = live as unknown as NodeJS.EventEmitter;
    // `StopResponse`: the agent wants no answer.
    events.on('delegation_created', (delegation: Delegation) => {
      if (isOpen) answer(live, delegation).catch(() => {});
    });
  });
  return () => {
    isOpen = false;
    session.off(Event.AgentStateChanged, onState);
    stop();
  };
}
