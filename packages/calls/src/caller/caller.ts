import { type Clock, FirstwordError, withDefaults } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { AgentAudioTracker } from './agent-audio-tracker.js';
import { endless, faintTone } from './background.js';
import { CALLER_RATE_HZ, type Clip, callerSamples, type RecordedAfter } from './clips.js';
import { mixInto } from './mix-into.js';
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
/** Range of the caller's pause before a line, ms. */
const PAUSE_MS = { least: 300, most: 900 } as const;

/** The default behavior of a scripted caller. */
export const DEFAULT_CALLER_BEHAVIOR: CallerBehavior = {
  answerOverMs: 700,
  lostAfterMs: 8000,
  longestAnswerMs: 60_000,
  greetingWaitMs: 4000,
  attempts: 2,
};

/** Options of `ScriptedCaller`. */
export interface ScriptedCallerOptions {
  /** The lines to speak, in order. */
  clips: readonly Clip[];
  clock: Clock;
  /**
   * Receives each frame (320 samples at 16 kHz) when its last sample has been spoken, like a microphone. `startMs` is the
   * time of its first sample on the clock; `isPause` is true while no line is spoken.
   */
  send: (startMs: number, frame: Int16Array, isPause: boolean) => void;
  /** Whether the transport has played all audio that it was given. */
  playoutEmpty: () => boolean;
  /** Seed of the pauses and the room noise; default 1. The same seed gives the same caller. */
  seed?: number;
  /** Signal-to-noise ratio of the caller's speech, dB; default a quiet room. */
  snrDb?: number;
  behavior?: Partial<CallerBehavior>;
  /** Called as each line begins, with its number from 0 and the time of its first sample on the clock. */
  onLine?: (line: number, startMs: number) => void;
  /** Called as each turn ends. */
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

/** The sound after a recorded line: its echo, then the background without end. */
function following({ echo, background }: RecordedAfter): (samples: number) => Int16Array {
  const rest = endless(background);
  let at = 0;
  return (samples) => {
    const first = echo.subarray(at, at + samples);
    at += first.length;
    return Int16Array.of(...first, ...rest(samples - first.length));
  };
}

/**
 * A caller that follows a script: speaks each line, waits for the answer to start and to end, pauses, and continues.
 * Frames are sent in real time on one schedule from the start of the call, so that the pace does not drift. They never
 * stop: between lines they contain room noise, or the background of the recording.
 */
export class ScriptedCaller {
  readonly #options: ScriptedCallerOptions;
  readonly #plan: CallerPlan;
  readonly #room: (samples: number) => Int16Array;
  readonly #faint: (samples: number) => Int16Array;
  /** Sound of the pauses around recorded lines; `undefined` around synthesized ones, whose pauses are room noise. */
  #pause: ((samples: number) => Int16Array) | undefined;
  readonly #agentAudio = new AgentAudioTracker();
  readonly #reporter: CallReporter;
  #state: CallerState = { phase: 'greeting', sinceMs: 0 };
  #frameStartMs = 0;

  constructor(options: ScriptedCallerOptions) {
    const seed = options.seed ?? 1;
    this.#options = options;
    this.#plan = planOf(options.clips, withDefaults(DEFAULT_CALLER_BEHAVIOR, options.behavior), seed);
    const speech = options.clips.map((clip) => clip.samples);
    this.#room = roomTone(
      seed,
      options.snrDb === undefined ? undefined : noisyRoomRms(speech, options.snrDb),
    );
    this.#faint = faintTone(seed);
    const first = options.clips[0]?.after;
    this.#pause = first && endless(first.background);
    this.#reporter = new CallReporter(options.onTurn);
  }

  /** Takes the agent's audio as played to the caller. `startMs` is the playback time of the first sample on the clock. */
  receiveAudio(startMs: number, pcm: Int16Array, rateHz: number): void {
    this.#agentAudio.push(startMs, pcm, rateHz);
  }

  /** The turns that have ended so far. */
  report(): CallReport {
    return this.#reporter.report();
  }

  /**
   * Makes the call. Resolves when the last line was answered, or its answer did not come.
   * @throws FirstwordError `aborted` when stopped; `report()` returns the turns so far
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
        // Relative to the schedule instead of the last timer, so that a late timer does not delay the next frame.
        cancelTimer = clock.schedule(this.#frameStartMs + FRAME_MS - clock.nowMs(), tick);
      };
      if (options.signal?.aborted) return stop();
      options.signal?.addEventListener('abort', stop, { once: true });
      tick();
    });
  }

  /** Sends one frame, and then updates the state for the next one. */
  #frame(): void {
    const spoken = this.#state.phase === 'speaking' ? this.#lineSamples(this.#state) : new Int16Array(0);
    const frame = this.#pause ? this.#faint(FRAME_SAMPLES) : this.#room(FRAME_SAMPLES);
    mixInto(frame, spoken);
    if (this.#pause) mixInto(frame, this.#pause(FRAME_SAMPLES - spoken.length), spoken.length);
    this.#options.send(this.#frameStartMs, frame, this.#state.phase !== 'speaking');
    this.#frameStartMs += FRAME_MS;
    this.#decide(this.#frameStartMs);
  }

  #lineSamples({ turn, untilMs }: CallerState & { phase: 'speaking' }): Int16Array {
    const lineStartMs = untilMs - this.#plan.lineMs(turn);
    const from = callerSamples(this.#frameStartMs - lineStartMs);
    return this.#options.clips[turn]!.samples.subarray(from, from + FRAME_SAMPLES);
  }

  #decide(nowMs: number): void {
    const before = this.#state;
    const observed = this.#observe(before, nowMs);
    this.#state = step(before, observed, this.#plan);
    if (this.#state === before) return;
    this.#reporter.record(before, this.#state, observed);
    if (this.#state.phase !== 'speaking') return;
    const { turn, untilMs } = this.#state;
    const { after } = this.#options.clips[turn]!;
    this.#options.onLine?.(turn, untilMs - this.#plan.lineMs(turn));
    this.#pause = after && following(after);
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
