import { type Clock, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { listenTo } from '../observe/listen-to.js';

const { AgentSessionEventTypes: Event } = voice;

/** Words not committed within this time never will be: LiveKit's longest wait is 2.5 s, ms. */
export const SETTLED_MS = 4000;

/** Detects when a session is idle: nobody speaks, no words wait for a commit, and no answer is in progress. */
export class IdleDetector {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #isAnswering: () => boolean;
  readonly #stops: (() => void)[] = [];
  #speeches = 0;
  /** Words or speech were detected since the last commit. */
  #hasPendingWords = false;
  #lastMs: number;

  /** @param options.isAnswering whether the answer of a committed turn has not ended */
  constructor(options: { session: voice.AgentSession; isAnswering: () => boolean; clock?: Clock }) {
    this.#session = options.session;
    this.#clock = options.clock ?? systemClock;
    this.#isAnswering = options.isAnswering;
    this.#lastMs = this.#clock.nowMs();
    const on = listenTo(options.session, this.#stops);
    on(Event.UserStateChanged, (e) => this.#note(e.newState !== 'away'));
    on(Event.UserInputTranscribed, () => this.#note(true));
    on(Event.AgentStateChanged, () => this.#note(this.#hasPendingWords));
    on(Event.MetricsCollected, ({ metrics }) => {
      if (metrics.type === 'eou_metrics') this.#note(false);
    });
    on(Event.SpeechCreated, ({ speechHandle }) => {
      this.#speeches++;
      this.#note(this.#hasPendingWords);
      speechHandle.addDoneCallback(() => this.#speeches--);
    });
  }

  get isIdle(): boolean {
    const { agentState, userState } = this.#session;
    if (agentState !== 'listening' || userState === 'speaking') return false;
    if (this.#clock.nowMs() - this.#lastMs >= SETTLED_MS) return true;
    return !this.#hasPendingWords && this.#speeches === 0 && !this.#isAnswering();
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #note(heard: boolean): void {
    this.#hasPendingWords = heard;
    this.#lastMs = this.#clock.nowMs();
  }
}
