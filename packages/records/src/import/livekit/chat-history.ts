import type { TurnObservation } from '@firstword/turn';
import {
  arrayAt,
  definedOnly,
  isObject,
  type JsonObject,
  MAX_DEPTH,
  numberAt,
  objectAt,
  secondsInMsAt,
  textAt,
  wallMsAt,
} from '../json.js';
import { CHAT_DURATIONS } from './impossible-values.js';

/**
 * LiveKit's chat history. Read in agents-js 1.9.0 and livekit/agents (Python, da6af86):
 * - the metrics are in seconds, the timestamps RFC 3339 or Unix seconds;
 * - `stopped_speaking_at` comes from the VAD; `end_of_turn_delay` contains `transcription_delay`;
 * - `created_at` of a pipeline's reply is the time of its release, after the end of the turn, the user's code and, if the
 *   agent was still speaking, the end of that speech; its LLM and TTS may have begun before. For `say()` it is the first
 *   frame;
 * - `e2e_latency` = first frame sent − `stopped_speaking_at`; present only if the caller's metrics were;
 * - `llm_node_ttft` runs to the first chunk, reasoning and tool calls included; after a tool call it is the last request's;
 * - `tts_node_ttfb` runs from the first text that reached the TTS provider.
 */
export const CHAT_HISTORY = 'LiveKit chat history';

/** An item of a chat history, with its conversation. */
interface Item {
  conversation: string;
  role: string | undefined;
  /** The item's type; only messages make turns. */
  type: string | undefined;
  body: JsonObject;
}

const TYPES = [
  'message',
  'function_call',
  'function_call_output',
  'agent_handoff',
  'agent_config_update',
] as const;

/** A `chat.item` as logged: its body is one level down, under its type. */
function loggedItem(record: JsonObject): Item | undefined {
  const item = objectAt(record, 'chat.item');
  const type = item && TYPES.find((name) => isObject(item[name]));
  if (!item || !type) return undefined;
  const body = spelledAsExported(item[type] as JsonObject);
  const conversation = textAt(record, 'job_id') ?? textAt(record, 'room_id') ?? 'conversation';
  return { conversation, type, role: textAt(body, 'role')?.toLowerCase(), body };
}

const snakeCase = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      one,
    ]),
  );

/** agents-js exports a chat context in camelCase and its creation time in ms; its metrics are in seconds. */
function spelledAsExported(body: JsonObject): JsonObject {
  if (typeof body.createdAt !== 'number') return body;
  const metrics = objectAt(body, 'metrics');
  return { ...body, created_at: body.createdAt / 1000, ...(metrics ? { metrics: snakeCase(metrics) } : {}) };
}

/** An item of a session report, or of a chat context's own JSON. */
function plainItem(value: unknown, conversation: string): Item | undefined {
  const type = textAt(value, 'type');
  if (!isObject(value) || !type || !TYPES.includes(type as (typeof TYPES)[number])) return undefined;
  return { conversation, type, role: textAt(value, 'role')?.toLowerCase(), body: spelledAsExported(value) };
}

const CALLER_FIGURES: readonly string[] = CHAT_DURATIONS.slice(3);

/** A message without its type, or only its metrics, as people copy them out of a log. */
function bareItem(value: JsonObject, conversation: string): Item | undefined {
  const metrics = snakeCase(objectAt(value, 'metrics') ?? value);
  const figures = CHAT_DURATIONS.filter((name) => numberAt(metrics, name) !== undefined);
  // `transcription_delay` is a figure of a log line too.
  if (figures.length === 0 || 'end_of_utterance_delay' in metrics) return undefined;
  const isCaller = figures.every((name) => CALLER_FIGURES.includes(name));
  const role = textAt(value, 'role')?.toLowerCase() ?? (isCaller ? 'user' : 'assistant');
  const body = spelledAsExported({ created_at: 0, ...value });
  return { conversation, type: 'message', role, body: { ...body, metrics } };
}

/** The items of one JSON value: a logged item, a session report, a chat context, or an array of any of these. */
function itemsOf(value: unknown, conversation: string, depth = 0): Item[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((one) => itemsOf(one, conversation, depth + 1));
  if (!isObject(value)) return [];
  const event = objectAt(value, 'item') ?? value;
  const one = loggedItem(value) ?? plainItem(event, conversation) ?? bareItem(event, conversation);
  if (one) return [one];
  const own = textAt(value, 'job_id') ?? textAt(value, 'room_id') ?? conversation;
  const history = objectAt(value, 'chat_history') ?? value;
  return arrayAt(history, 'items').flatMap((item) => itemsOf(item, own, depth + 1));
}

/** The state of one conversation. */
interface Conversation {
  turns: number;
  /** The caller's last message that has not been answered. */
  asked: JsonObject | undefined;
  toolCalls: number;
  /** Wall time of the caller's first word, Unix ms. */
  startMs: number | undefined;
  /** When the agent's last answer ended, or would have ended. */
  agentStoppedMs: number | undefined;
}

const modelOf = (metrics: JsonObject | undefined, key: string) => {
  const metadata = objectAt(metrics, key);
  const [provider, model] = [textAt(metadata, 'model_provider'), textAt(metadata, 'model_name')];
  return provider || model ? { provider: provider ?? 'unknown', model: model ?? 'unknown' } : undefined;
};

/** The text of a message: its parts are strings or objects. */
function textOf(body: JsonObject): string {
  const parts = arrayAt(body, 'content').map((part) =>
    typeof part === 'string' ? part : textAt(part, 'text'),
  );
  return parts.filter((part) => part !== undefined).join(' ');
}

/** A delay longer than this is in milliseconds, as Node writes it; Python writes seconds. */
const MAX_SECONDS = 30;

/** The session's options, as a session report has them, and the SDK that their unit shows. */
function optionsOf(report: unknown): {
  sdk?: 'python' | 'node' | undefined;
  settings?: TurnObservation['settings'];
} {
  const options = objectAt(report, 'options');
  const endpointing = objectAt(options, 'endpointing');
  const given = {
    'endpointing.minDelay': numberAt(options, 'min_endpointing_delay') ?? numberAt(endpointing, 'min_delay'),
    'endpointing.maxDelay': numberAt(options, 'max_endpointing_delay') ?? numberAt(endpointing, 'max_delay'),
  };
  const delays = Object.values(given).filter((delay) => delay !== undefined && delay > 0);
  if (delays.length === 0) return {};
  const sdk = Math.max(...delays.map(Number)) > MAX_SECONDS ? 'node' : 'python';
  const unitMs = sdk === 'node' ? 1 : 1000;
  const { enabled } = objectAt(options, 'preemptive_generation') ?? {};
  return {
    sdk,
    settings: {
      ...Object.fromEntries(
        Object.entries(given).flatMap(([name, delay]) =>
          delay === undefined ? [] : [[name, delay * unitMs]],
        ),
      ),
      ...(typeof enabled === 'boolean' ? { 'preemptiveGeneration.enabled': enabled } : {}),
    },
  };
}

/** Conversations that are remembered. Of more, the least recent is forgotten: its next turn counts as the first of a conversation. */
const MAX_CONVERSATIONS = 10_000;
/** Repeated delivery repeats lines soon; repeated files are detected by the times of their turns. */
const REMEMBERED_IDS = 512;

/** Reads chat histories item by item, in the order of the export, and returns a turn for each answer to a caller. */
export class ChatHistoryImport {
  readonly #conversations = new Map<string, Conversation>();
  /** Ids of the last items, the oldest first. */
  readonly #ids = new Set<string>();
  /** Answers that were delivered again and skipped. */
  repeated = 0;
  readonly #withWords: boolean;

  /** @param options `words` includes the agent's text, for callers that need its shape; false by default */
  constructor(options: { words?: boolean } = {}) {
    this.#withWords = options.words ?? false;
  }

  /**
   * @param conversation the call id where the export has none
   * @returns `undefined` where the value is not a chat history; otherwise the turns that it completed, often none
   */
  read(value: unknown, conversation: string): TurnObservation[] | undefined {
    const items = itemsOf(value, conversation);
    if (items.length === 0) return undefined;
    const { sdk, settings } = optionsOf(value);
    const turns = items.flatMap((item) => (this.#isRepeated(item) ? [] : (this.#add(item) ?? [])));
    return turns.map((turn) => ({
      ...turn,
      ...(settings ? { settings } : {}),
      ...(sdk && turn.imported ? { imported: { ...turn.imported, sdk } } : {}),
    }));
  }

  /** Whether an item was delivered before: then it is neither a second message nor a second turn. */
  #isRepeated({ conversation, role, body }: Item): boolean {
    const id = textAt(body, 'id');
    if (id === undefined) return false;
    const key = `${conversation} ${id}`;
    if (this.#ids.has(key)) {
      if (role === 'assistant') this.repeated += 1;
      return true;
    }
    this.#ids.add(key);
    const [oldest] = this.#ids;
    if (this.#ids.size > REMEMBERED_IDS && oldest !== undefined) this.#ids.delete(oldest);
    return false;
  }

  #add({ conversation, type, role, body }: Item): TurnObservation | undefined {
    const at = this.#conversations.get(conversation) ?? {
      turns: 0,
      asked: undefined,
      toolCalls: 0,
      startMs: undefined,
      agentStoppedMs: undefined,
    };
    this.#conversations.delete(conversation);
    this.#conversations.set(conversation, at);
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > MAX_CONVERSATIONS) this.#conversations.delete(oldest!);
    if (type === 'function_call') at.toolCalls += 1;
    if (type !== 'message') return undefined;
    if (role === 'user') {
      at.asked = body;
      at.toolCalls = 0;
      return undefined;
    }
    if (role !== 'assistant') return undefined;
    const turn = this.#answer(at, body, conversation);
    at.agentStoppedMs = wallMsAt(objectAt(body, 'metrics'), 'stopped_speaking_at') ?? at.agentStoppedMs;
    return turn;
  }

  /** A greeting is not an answer; a second message of one answer (before and after a tool) is not a second turn. */
  #answer(at: Conversation, body: JsonObject, callId: string): TurnObservation | undefined {
    const agentMetrics = objectAt(body, 'metrics');
    const userMetrics = objectAt(at.asked, 'metrics');
    const e2eMs = secondsInMsAt(agentMetrics, 'e2e_latency');
    if (!at.asked && e2eMs === undefined) return undefined;
    const startedMs = wallMsAt(agentMetrics, 'started_speaking_at');
    const stoppedMs = wallMsAt(userMetrics, 'stopped_speaking_at') ?? minus(startedMs, e2eMs);
    const atMs = stoppedMs ?? wallMsAt(at.asked, 'created_at') ?? startedMs ?? wallMsAt(body, 'created_at');
    if (atMs === undefined) return undefined;
    at.turns += 1;
    at.startMs ??= wallMsAt(userMetrics, 'started_speaking_at') ?? atMs;
    const createdMs = wallMsAt(body, 'created_at');
    const interrupted = body.interrupted === true;
    const bargeIn = isBefore(wallMsAt(userMetrics, 'started_speaking_at'), at.agentStoppedMs);
    const llm = modelOf(agentMetrics, 'llm_metadata');
    const observation: TurnObservation = {
      callId,
      turn: at.turns,
      at: new Date(atMs).toISOString(),
      marks: stoppedMs === undefined ? {} : marksOf({ fromMs: stoppedMs - at.startMs, userMetrics, e2eMs }),
      interrupted,
      ...outcomeOfMessage(interrupted, agentMetrics),
      bargeIn,
      toolCalls: at.toolCalls,
      ...definedOnly({
        llm: llm && { ...llm, emulated: false, requests: 1 },
        stt: modelOf(userMetrics, 'stt_metadata'),
        tts: modelOf(agentMetrics, 'tts_metadata'),
      }),
      imported: {
        from: CHAT_HISTORY,
        ...definedOnly({
          e2eMs,
          transcriptionDelayMs: secondsInMsAt(userMetrics, 'transcription_delay'),
          endOfTurnDelayMs: secondsInMsAt(userMetrics, 'end_of_turn_delay'),
          userLogicMs: secondsInMsAt(userMetrics, 'on_user_turn_completed_delay'),
          // For `say()` it is the first frame, which says nothing about the release.
          replyReleasedMs: createdMs === startedMs ? undefined : notNegative(minus(createdMs, stoppedMs)),
          llmTtftMs: secondsInMsAt(agentMetrics, 'llm_node_ttft'),
          llmFirstSentenceMs: secondsInMsAt(agentMetrics, 'llm_node_ttfs'),
          ttsTtfbMs: secondsInMsAt(agentMetrics, 'tts_node_ttfb'),
          playbackLatencyMs: secondsInMsAt(agentMetrics, 'playback_latency'),
        }),
      },
    };
    at.asked = undefined;
    at.toolCalls = 0;
    const agent = this.#withWords ? textOf(body) : '';
    return agent === '' ? observation : { ...observation, transcript: { agent } };
  }
}

/** With the LLM's own time, the words are its answer. Those of `say()`, an apology too, have none: not reported. */
function outcomeOfMessage(
  interrupted: boolean,
  metrics: JsonObject | undefined,
): Pick<TurnObservation, 'outcome'> {
  if (interrupted) return { outcome: 'interrupted' };
  return secondsInMsAt(metrics, 'llm_node_ttft') === undefined ? {} : { outcome: 'answered' };
}

/** The marks that follow from the reported durations. The start of LLM and TTS is not reported: those marks stay missing. */
function marksOf(from: { fromMs: number; userMetrics: JsonObject | undefined; e2eMs: number | undefined }) {
  const { fromMs, userMetrics, e2eMs } = from;
  const after = (ms: number | undefined) => (ms === undefined ? undefined : fromMs + ms);
  const turnCommitted = after(secondsInMsAt(userMetrics, 'end_of_turn_delay'));
  const logicMs = secondsInMsAt(userMetrics, 'on_user_turn_completed_delay');
  return definedOnly({
    speechEnded: fromMs,
    finalTranscript: after(secondsInMsAt(userMetrics, 'transcription_delay')),
    turnCommitted,
    logicStarted: logicMs === undefined ? undefined : turnCommitted,
    logicEnded: turnCommitted === undefined || logicMs === undefined ? undefined : turnCommitted + logicMs,
    framePublished: after(e2eMs),
  });
}

const minus = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a - b;

const notNegative = (ms: number | undefined) => (ms === undefined || ms < 0 ? undefined : ms);

const isBefore = (a: number | undefined, b: number | undefined) =>
  a !== undefined && b !== undefined && a < b;
