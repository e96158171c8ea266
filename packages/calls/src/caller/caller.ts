import { type Clock, FirstwordError } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { AgentAudioTracker } from './agent-audio-tracker.js';
import { CALLER_RATE_HZ, type Clip } from './clips.js';
import { type CallReport, CallReporter } from './report.js';
import { noisyRoomRms, roomTone } from './room-tone.js';
import {
  type CallerBehavior,
  type CallerObservation,
  type CallerPlan,
  type CallerState,
  step,
} from './steps.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (CALLER_RATE_HZ * FRAME_MS) / 1000;
/** The pause of a caller who thinks before answering, ms. */
const PAUSE_MS = { least: 300, most: 900 } as const;

export const DEFAULT_CALLER_BEHAVIOR: CallerBehavior = {
  answerOverMs: 700,
  lostAfterMs: 8000,
  longestAnswerMs: 60_000,
  greetingWaitMs: 4000,
  attempts: 2,
};

export interface ScriptedCallerOptions {
  clips: readonly Clip[];
  clock: Clock;
  /**
   * Takes each frame, 320 samples at 16 kHz, when its last sample has been spoken, as a microphone gives it.
   * `startMs` is the moment of its first sample on the clock; in a pause, no line is spoken.
   */
  send: (startMs: number, frame: Int16Array, isPause: boolean) => void;
  /** Whether the transport has played everything that it was given. */
  playoutEmpty: () => boolean;
  /** For pauses and the room's own sound. The same seed is the same caller. */
  seed?: number;
  /** How far the caller's speech stands above the noise around, dB; a quiet room unless told. */
  snrDb?: number;
  behavior?: Partial<CallerBehavior>;
  /** Told as each turn ends, for progress. */
  onTurn?: (turn: CallReport['turns'][number]) => void;
}

function planOf(clips: readonly Clip[], behavior: CallerBehavior, seed: number): CallerPlan {
  const random = seededRandom(seed);
  const pausesMs = clips.map(() => random.integer(PAUSE_MS.least, PAUSE_MS.most));
  return {
    lineCount: clips.length,
    behavior,
    lineMs: (turn) => (clips[turn]!.samples.length * 1000) / CALLER_RATE_HZ,
    pauseMs: (turn) => pausesMs[turn]!,
    bargeInAfterMs: (turn) => clips[turn]!.line.bargeInAfterMs,
  };
}

/**
 * Calls the agent: speaks each line, waits for the answer to be heard and to end, pauses as people do, and goes on.
 * Frames leave at the pace of speech on one schedule from the start of the call, so that the pace does not drift, and
 * never stop: between lines there is the sound of the room.
 */
export class ScriptedCaller {
  readonly #options: ScriptedCallerOptions;
  readonly #plan: CallerPlan;
  readonly #room: (samples: number) => Int16Array;
  readonly #agentAudio = new AgentAudioTracker();
  readonly #reporter: CallReporter;
  #state: CallerState = { phase: 'greeting', sinceMs: 0 };
  #frameStartMs = 0;

  constructor(options: ScriptedCallerOptions) {
    const seed = options.seed ?? 1;
    this.#options = options;
    this.#plan = planOf(options.clips, { ...DEFAULT_CALLER_BEHAVIOR, ...options.behavior }, seed);
    const speech = options.clips.map((clip) => clip.samples);
    this.#room = roomTone(
      seed,
      options.snrDb === undefined ? undefined : noisyRoomRms(speech, options.snrDb),
    );
    this.#reporter = new CallReporter(options.onTurn);
  }

  /** What the caller hears. `startMs` is the moment at which the first sample is played, on the clock. */
  receiveAudio(startMs: number, pcm: Int16Array, rateHz: number): void {
    this.#agentAudio.push(startMs, pcm, rateHz);
  }

  /** The turns that have ended. */
  report(): CallReport {
    return this.#reporter.report();
  }

  /**
   * Makes the call. Resolves when the answer to the last line is over, or was given up.
   * @throws FirstwordError `aborted` when stopped; `report()` has the turns so far
   */
  run(options: { signal?: AbortSignal } = {}): Promise<CallReport> {
    const { clock } = this.#options;
    this.#frameStartMs = clock.nowMs();
    this.#state = { phase: 'greeting', sinceMs: this.#frameStartMs };
    return new Promise((resolve, reject) => {
      let cancelTimer = () => {};
      const stop = () => {
        cancelTimer();
        reject(new FirstwordError('aborted', 'the call was stopped before its last line was answered'));
      };
      const tick = () => {
        try {
          while (this.#state.phase !== 'done' && this.#frameStartMs + FRAME_MS <= clock.nowMs())
            this.#frame();
        } catch (error) {
          options.signal?.removeEventListener('abort', stop);
          reject(error);
          return;
        }
        if (this.#state.phase === 'done') {
          options.signal?.removeEventListener('abort', stop);
          resolve(this.report());
          return;
        }
        // Against the schedule, not the last timer: a late one does not delay the next.
        cancelTimer = clock.schedule(this.#frameStartMs + FRAME_MS - clock.nowMs(), tick);
      };
      if (options.signal?.aborted) return stop();
      options.signal?.addEventListener('abort', stop, { once: true });
      tick();
    });
  }

  /** Sends one frame, and then decides what the next one is part of. */
  #frame(): void {
    const frame = this.#room(FRAME_SAMPLES);
    if (this.#state.phase === 'speaking') {
      const { samples } = this.#options.clips[this.#state.turn]!;
      const lineStartMs = this.#state.untilMs - this.#plan.lineMs(this.#state.turn);
      const from = Math.round(((this.#frameStartMs - lineStartMs) * CALLER_RATE_HZ) / 1000);
      for (const [i, sample] of samples.subarray(from, from + FRAME_SAMPLES).entries()) {
        frame[i] = Math.max(-32_768, Math.min(32_767, frame[i]! + sample));
      }
    }
    this.#options.send(this.#frameStartMs, frame, this.#state.phase !== 'speaking');
    this.#frameStartMs += FRAME_MS;
    this.#decide(this.#frameStartMs);
  }

  #decide(nowMs: number): void {
    const before = this.#state;
    const observed = this.#observe(before, nowMs);
    this.#state = step(before, observed, this.#plan);
    if (this.#state !== before) this.#reporter.record(before, this.#state, observed);
  }

  #observe(state: CallerState, nowMs: number): CallerObservation {
    const sinceMs =
      state.phase === 'speaking'
        ? state.untilMs - this.#plan.lineMs(state.turn)
        : 'sinceMs' in state
          ? state.sinceMs
          : undefined;
    return {
      nowMs,
      firstAudibleMs: sinceMs === undefined ? undefined : this.#agentAudio.firstAudibleSince(sinceMs),
      lastAudibleMs: this.#agentAudio.lastAudibleMs,
      playoutEmpty: this.#options.playoutEmpty(),
    };
  }
}
