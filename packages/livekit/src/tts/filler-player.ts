import { ReadableStream, type ReadableStreamReadResult } from 'node:stream/web';
import { type Clock, FirstwordError, systemClock, wallToMonotonicMs } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';
import { activityParts } from '../internals/session-activity.js';
import { pause } from '../llm/pause.js';
import { currentSpeech, type Speech } from '../llm/speech-context.js';
import { listenTo } from '../observe/listen-to.js';
import { ToolFiller } from '../tools/tool-filler.js';
import { sharedToolTimes, type ToolTimes } from '../tools/tool-times.js';
import { ClauseTTS } from './clause-tts.js';
import { chooseFiller, type FillerOptions } from './filler.js';
import { GapForecast } from './gap-forecast.js';
import type { TTSTrace } from './tts-trace.js';

const { AgentSessionEventTypes: Event } = voice;

type LlmNode = voice.Agent['llmNode'];
type Answer = NonNullable<Awaited<ReturnType<LlmNode>>>;
type Chunk = Answer extends ReadableStream<infer T> ? T : never;

/** The committed turn being answered. */
interface OpenTurn {
  speechId: string;
  committedMs: number;
  speechEndedMs: number;
  /** The filler said before the answer. */
  said?: string;
}

/** Most traces kept until their turn has been added to the forecast. */
const MOST_TRACES = 16;

/**
 * Says a filler when an answer is late, or when a tool takes long (`ToolFiller`). The filler for a late answer is put at the start of the answer's text stream, so it is synthesized,
 * transcribed, paced and interrupted like the rest. It is said only after the commit, only if its audio is in memory, at
 * most once a turn, and never after some of the answer has arrived. LiveKit writes it into the history with the answer;
 * it is removed there, so that the LLM does not imitate it.
 */
export class FillerPlayer {
  readonly #session: voice.AgentSession;
  readonly #tts: ClauseTTS;
  readonly #options: FillerOptions;
  readonly #clock: Clock;
  readonly #forecast = new GapForecast();
  readonly #traces = new Map<string, TTSTrace>();
  readonly #undo = new Map<voice.Agent, () => void>();
  readonly #stops: (() => void)[] = [];
  readonly #recent: string[] = [];
  readonly #tools: ToolFiller;
  #turn: OpenTurn | undefined;

  constructor(options: {
    session: voice.AgentSession;
    voice: ClauseTTS;
    filler: FillerOptions;
    times: ToolTimes;
    clock: Clock;
  }) {
    this.#session = options.session;
    this.#tts = options.voice;
    this.#options = options.filler;
    this.#clock = options.clock;
    const { phrases, overMs: limitMs } = options.filler;
    this.#tools = new ToolFiller({ ...options, phrases, limitMs, recent: this.#recent });
    this.#stops.push(this.#tts.watch((trace) => this.#addTrace(trace)));
    const on = listenTo(this.#session, this.#stops);
    // Every answer is preceded by a transcript, so the active agent is always wrapped in time.
    on(Event.UserInputTranscribed, () => this.#wrapAgent(this.#session.currentAgent));
    on(Event.MetricsCollected, ({ metrics }) => {
      if (metrics.type === 'eou_metrics' && metrics.speechId !== undefined) {
        this.#onCommit(metrics.speechId, metrics.lastSpeakingTimeMs);
      }
    });
    on(Event.ConversationItemAdded, ({ item }) => {
      if (item.type === 'message' && item.role === 'assistant') this.#removeFromHistory(item);
    });
  }

  /** Stops it and restores the agents' own `llmNode`. */
  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#tools.close();
    for (const restore of this.#undo.values()) restore();
    this.#undo.clear();
    this.#turn = undefined;
  }

  #wrapAgent(agent: voice.Agent): void {
    if (this.#undo.has(agent)) return;
    const restore = wrapAgentMethod(agent, 'llmNode', (inner) => async (...args) => {
      const speech = currentSpeech();
      const answer = await inner.apply(agent, args);
      return speech && answer ? this.#withFiller(answer, speech) : answer;
    });
    this.#undo.set(agent, restore);
  }

  #onCommit(speechId: string, lastSpeakingWallMs: number): void {
    const nowMs = this.#clock.nowMs();
    if (this.#turn) this.#learn(this.#turn);
    const lastWordMs = lastSpeakingWallMs > 0 ? wallToMonotonicMs(this.#clock, lastSpeakingWallMs) : nowMs;
    this.#turn = { speechId, committedMs: nowMs, speechEndedMs: Math.min(nowMs, lastWordMs) };
  }

  #addTrace(trace: TTSTrace): void {
    const id = currentSpeech()?.handle.id;
    if (id === undefined) return;
    this.#traces.set(id, trace);
    for (const old of this.#traces.keys()) if (this.#traces.size > MOST_TRACES) this.#traces.delete(old);
  }

  #learn({ speechId, committedMs }: OpenTurn): void {
    const trace = this.#traces.get(speechId);
    this.#traces.delete(speechId);
    // How long a tool took says nothing about the next answer.
    if (trace && !this.#tools.isOfTools(speechId)) this.#forecast.learn(trace, committedMs);
  }

  /** The answer as it arrives, with a filler before it if one is due. */
  #withFiller(answer: Answer, speech: Speech): Answer {
    const reader = answer.getReader();
    const stop = new AbortController();
    const due = this.#due(speech, stop.signal);
    let next: Promise<ReadableStreamReadResult<Chunk>> | undefined;
    let begun = false;
    const pull = async (): Promise<Chunk | undefined> => {
      next ??= reader.read();
      const phrase = begun ? undefined : await Promise.race([due, next.then(() => undefined)]);
      if (phrase !== undefined) {
        begun = true;
        return phrase;
      }
      const { done, value } = await next;
      next = undefined;
      if (done || hasContent(value)) {
        begun = true;
        stop.abort();
      }
      return value;
    };
    return new ReadableStream<Chunk>({
      pull: async (controller) => {
        const chunk = await pull();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel: async (reason) => {
        stop.abort();
        await reader.cancel(reason);
      },
    });
  }

  /** Resolves with the filler when it is due; never if none is. */
  async #due(speech: Speech, signal: AbortSignal): Promise<string> {
    const never = new Promise<string>(() => {});
    await speech.committed;
    const turn = this.#turn;
    // While tools run, and after them, the caller has waited from the last sound on, not from their own last word.
    if (this.#tools.isOfTools(speech.handle.id)) return never;
    if (signal.aborted || !turn || turn.speechId !== speech.handle.id || turn.said !== undefined)
      return never;
    const waitMs = this.#forecast.lateInMs({
      ...turn,
      nowMs: this.#clock.nowMs(),
      limitMs: this.#options.overMs,
    });
    await pause(waitMs, { clock: this.#clock, signal });
    const phrase = this.#choose(turn, signal.aborted);
    if (phrase === undefined || turn !== this.#turn) return never;
    turn.said = phrase;
    this.#recent.push(phrase);
    // A line break ends the clause, whatever character the phrase ends with.
    const text = `${phrase}\n`;
    this.#tts.announceFiller(text);
    return text;
  }

  #choose(turn: OpenTurn, answerStarted: boolean): string | undefined {
    if (this.#session.userState === 'speaking' || this.#session.agentState === 'speaking') return undefined;
    return chooseFiller({
      predictedGapMs: this.#forecast.gapMs({ ...turn, nowMs: this.#clock.nowMs() }),
      limitMs: this.#options.overMs,
      answerStarted,
      phrases: this.#options.phrases.filter((phrase) => this.#tts.isReady(phrase)),
      recent: this.#recent,
    });
  }

  /** Removes the filler from the history, unless nothing else was played. */
  #removeFromHistory(item: { content: unknown[]; textContent?: string | undefined }): void {
    const said = this.#turn?.said;
    const text = item.textContent;
    if (said === undefined || text === undefined || !text.startsWith(said)) return;
    const answer = text.slice(said.length).trimStart();
    if (answer !== '') item.content = [answer];
  }
}

function hasContent(chunk: Chunk): boolean {
  if (typeof chunk === 'string') return chunk !== '';
  if (typeof chunk !== 'object') return false;
  return Boolean(chunk.delta?.content) || (chunk.delta?.toolCalls?.length ?? 0) > 0;
}

/**
 * Says the fillers of the session's `ClauseTTS` when answers are late.
 *
 * @returns a function that stops it
 * @throws FirstwordError `bad_input` if there is no phrase, or the limit is not over 0
 */
export function attachFiller(
  session: voice.AgentSession,
  options: { clock?: Clock; times?: ToolTimes } = {},
): () => void {
  const ttsEngine = activityParts(session).tts;
  if (!(ttsEngine instanceof ClauseTTS) || !ttsEngine.filler) return () => {};
  const { phrases, overMs } = ttsEngine.filler;
  if (phrases.length === 0 || !(overMs > 0)) {
    throw new FirstwordError('bad_input', 'filler needs at least one phrase, and overMs greater than 0.');
  }
  const { clock = systemClock, times = sharedToolTimes() } = options;
  const player = new FillerPlayer({ session, voice: ttsEngine, filler: ttsEngine.filler, times, clock });
  return () => player.close();
}
