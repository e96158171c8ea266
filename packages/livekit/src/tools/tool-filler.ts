import { type Clock, wallToMonotonicMs } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { listenTo } from '../observe/listen-to.js';
import { type ObservedTool, watchToolRuns } from '../observe/tool-watch.js';
import type { ClauseTTS } from '../tts/clause-tts.js';
import { chooseToolPhrase, type RunningTool, toolFillerDueMs } from './filler-plan.js';
import { announceFillerSpeech } from './filler-speech.js';
import type { ToolTimes } from './tool-times.js';

const { AgentSessionEventTypes: Event } = voice;

/** Most speeches kept that ran a tool. */
const MOST_SPEECHES = 16;

/** Options of `ToolFiller`. */
export interface ToolFillerOptions {
  session: voice.AgentSession;
  voice: ClauseTTS;
  phrases: readonly string[];
  /** Longest silence wanted, ms. */
  limitMs: number;
  times: ToolTimes;
  /** Phrases said in this call, oldest first; a phrase that is said is added. */
  recent: string[];
  clock: Clock;
}

/**
 * Says a filler while a tool runs and nothing can be heard. The filler is a speech of its own, which is not written into the
 * history; the answer waits until it has been said. A phrase whose audio is not in memory is not said.
 */
export class ToolFiller {
  readonly #options: ToolFillerOptions;
  readonly #clock: Clock;
  readonly #stops: (() => void)[] = [];
  readonly #running = new Set<ObservedTool>();
  /** Speeches in which a tool was run, the newest last. */
  readonly #speeches: string[] = [];
  #saidInTurn: string[] = [];
  #callerEndedMs = 0;
  #agentEndedMs = 0;
  #cancel = () => {};

  constructor(options: ToolFillerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    const on = listenTo(options.session, this.#stops);
    on(Event.MetricsCollected, ({ metrics }) => {
      if (metrics.type === 'eou_metrics') this.#onCommit(metrics.lastSpeakingTimeMs);
    });
    on(Event.AgentStateChanged, ({ newState, oldState }) => {
      if (oldState === 'speaking') this.#agentEndedMs = this.#clock.nowMs();
      if (newState === 'speaking') this.#cancel();
      else this.#plan();
    });
    on(Event.UserStateChanged, () => this.#plan());
    this.#stops.push(
      watchToolRuns(options.session, this.#clock, {
        onStart: (tool) => this.#onStart(tool),
        onEnd: (tool) => this.#onEnd(tool),
      }),
    );
  }

  /** Whether a tool was run for the answer of this speech. */
  isOfTools(speechId: string): boolean {
    return this.#speeches.includes(speechId);
  }

  close(): void {
    this.#cancel();
    for (const stop of this.#stops.splice(0)) stop();
    this.#running.clear();
  }

  #onCommit(lastSpeakingWallMs: number): void {
    const nowMs = this.#clock.nowMs();
    const lastWordMs = lastSpeakingWallMs > 0 ? wallToMonotonicMs(this.#clock, lastSpeakingWallMs) : nowMs;
    this.#callerEndedMs = Math.min(nowMs, lastWordMs);
    this.#saidInTurn = [];
  }

  #onStart(tool: ObservedTool): void {
    this.#running.add(tool);
    this.#speeches.push(tool.speechId);
    if (this.#speeches.length > MOST_SPEECHES) this.#speeches.shift();
    this.#plan();
  }

  #onEnd(tool: ObservedTool): void {
    this.#running.delete(tool);
    const { startedMs, endedMs = startedMs, isError, name } = tool.facts;
    if (!isError && !tool.run.speech.interrupted) this.#options.times.add(name, endedMs - startedMs);
    this.#plan();
  }

  /** The tools whose answer the caller still waits for. */
  get #awaited(): RunningTool[] {
    return [...this.#running].flatMap(({ run, facts: { name, startedMs } }) =>
      run.speech.interrupted ? [] : [{ startedMs, usual: this.#options.times.usual(name) }],
    );
  }

  #plan(): void {
    this.#cancel();
    this.#cancel = () => {};
    const { session, limitMs } = this.#options;
    const tools = this.#awaited;
    if (tools.length === 0 || session.agentState === 'speaking' || session.userState === 'speaking') return;
    const dueMs = toolFillerDueMs({
      tools,
      silentSinceMs: Math.max(this.#callerEndedMs, this.#agentEndedMs),
      hasSpoken: this.#agentEndedMs > this.#callerEndedMs,
      limitMs,
    });
    this.#cancel = this.#clock.schedule(Math.max(0, dueMs - this.#clock.nowMs()), () => this.#say());
  }

  #say(): void {
    const { session, voice: tts, phrases, recent } = this.#options;
    const tools = this.#awaited;
    if (tools.length === 0 || session.agentState === 'speaking' || session.userState === 'speaking') return;
    const phrase = chooseToolPhrase({
      phrases: phrases
        .filter((text) => tts.isReady(text))
        .map((text) => ({ text, durationMs: tts.phraseMs(text) })),
      recent,
      saidInTurn: this.#saidInTurn,
      tools,
      nowMs: this.#clock.nowMs(),
    });
    if (phrase === undefined) return;
    this.#saidInTurn.push(phrase);
    recent.push(phrase);
    tts.announceFiller(phrase);
    announceFillerSpeech(session);
    try {
      session.say(phrase, { addToChatCtx: false });
    } catch {
      // The session is closing.
    }
  }
}
