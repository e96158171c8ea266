import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { activityParts } from '../internals/session-activity.js';
import { listenTo } from '../observe/listen-to.js';
import { SessionListeners } from '../observe/session-listeners.js';
import { isSilent, type RealtimeResponse, type RealtimeTurnEnd } from './realtime-turn.js';
import { RealtimeWatch } from './watch-realtime.js';

/** When a realtime model that says nothing is asked again. */
export interface RescueOptions {
  /**
   * Silence after the provider's end of the turn, ms, > 0. Default 3,000: later than a healthy model's first audio (published medians
   * are below 1,100 ms), and before callers take the line for dead. A response that is completed without an audible sample does not
   * wait for it.
   */
  afterMs?: number;
}

/** Default of `RescueOptions.afterMs`. */
export const RESCUE_AFTER_MS = 3000;

const { AgentSessionEventTypes: Event } = voice;
const rescues = new SessionListeners<number>();

/** Calls `listener` with the time (clock, ms) whenever the model is asked again; the returned function stops it. */
export function watchRescues(session: voice.AgentSession, listener: (atMs: number) => void): () => void {
  return rescues.watch(session, listener);
}

/** Asks a realtime model again, once a turn, when its answer does not come. */
class Rescue {
  readonly #session: voice.AgentSession;
  readonly #afterMs: number;
  readonly #clock: Clock;
  /** The turn that waits for its first audible sample. */
  #waiting: { response?: RealtimeResponse } | undefined;
  #cancelTimer = () => {};

  constructor(session: voice.AgentSession, afterMs: number, clock: Clock) {
    this.#session = session;
    this.#afterMs = afterMs;
    this.#clock = clock;
  }

  onTurnEnded({ reportedMs }: RealtimeTurnEnd): void {
    this.stop();
    this.#waiting = {};
    const leftMs = reportedMs + this.#afterMs - this.#clock.nowMs();
    this.#cancelTimer = this.#clock.schedule(leftMs, () => this.#onTimer());
  }

  onResponse(response: RealtimeResponse): void {
    // The application speaks itself.
    if (response.isAskedFor) this.stop();
    else if (this.#waiting) this.#waiting.response = response;
  }

  onDone(response: RealtimeResponse): void {
    if (this.#waiting?.response !== response || !isSilent(response)) return;
    this.#cancelTimer();
    // LiveKit's plugin gets this event next: until then the response is under way.
    this.#cancelTimer = this.#clock.schedule(0, () => this.#askAgain());
  }

  /** An answer is heard, the caller speaks again, or the session is over. */
  stop(): void {
    this.#cancelTimer();
    this.#waiting = undefined;
  }

  #onTimer(): void {
    const response = this.#waiting?.response;
    const isText = response?.firstTextMs !== undefined && response.firstAudioMs === undefined;
    const hasFailed = response?.status === 'failed';
    // Tools take their time, text is spoken by the TTS, and the error of a failed response has been reported.
    if (response?.toolCallMs !== undefined || (isText && activityParts(this.#session).tts) || hasFailed)
      this.stop();
    else if (this.#waiting) this.#askAgain();
  }

  /** The late response is cancelled before the model is asked again, on the same connection: it cannot be heard as well. */
  #askAgain(): void {
    this.stop();
    rescues.report(this.#session, this.#clock.nowMs());
    this.#session.interrupt({ force: true });
    this.#session.generateReply();
  }
}

/**
 * Asks a realtime model again, once a turn, when it brings no audible sample: at once if its response is completed without one, else
 * after `afterMs`. Attach it before `session.start()`. `AgentSession` of this package does it by itself.
 *
 * @returns a function that disconnects it
 */
export function attachRescue(
  session: voice.AgentSession,
  options: RescueOptions = {},
  clock: Clock = systemClock,
): () => void {
  const rescue = new Rescue(session, options.afterMs ?? RESCUE_AFTER_MS, clock);
  let model: unknown;
  let watch: RealtimeWatch | undefined;
  const refresh = () => {
    const { llm: inUse } = activityParts(session);
    if (inUse === model) return;
    model = inUse;
    watch?.close();
    watch = inUse instanceof llm.RealtimeModel ? watchModel(inUse, rescue, clock) : undefined;
  };
  const stops: (() => void)[] = [];
  const on = listenTo(session, stops);
  on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'agent_handoff') refresh();
  });
  on(Event.UserStateChanged, ({ newState }) => {
    if (newState === 'speaking') rescue.stop();
  });
  refresh();
  return () => {
    for (const stop of stops) stop();
    watch?.close();
    rescue.stop();
  };
}

function watchModel(model: llm.RealtimeModel, rescue: Rescue, clock: Clock): RealtimeWatch {
  return new RealtimeWatch({
    model,
    clock,
    handlers: {
      onTurnEnded: (end) => rescue.onTurnEnded(end),
      onResponse: (response) => rescue.onResponse(response),
      onAudible: () => rescue.stop(),
      onDone: (response) => rescue.onDone(response),
    },
  });
}
