import {
  type AgentCall,
  type CallEvents,
  type CallLevers,
  type FillerOptions,
  OUTPUT_RATE_HZ,
  type PhraseCache,
  type PlayoutSink,
  type StartCallOptions,
  startCall,
} from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { ScriptedCaller } from '../caller/caller.js';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import type { CallerTurn, CallReport } from '../caller/report.js';
import type { CallerBehavior } from '../caller/steps.js';
import type { Tape } from '../tape/tape.js';

/** The STT and the TTS of an agent: engines, or parts of LiveKit's; or a realtime model. */
export type SpokenAgentParts = Pick<StartCallOptions, 'stt' | 'tts' | 'realtime'>;

/** The agent of a call. `playCall` does not close its parts. */
export interface PlayedAgent extends SpokenAgentParts {
  llm: LanguageModel;
  instructions: string;
  greeting?: string;
  apology?: string;
  /** Caches the audio of greeting and apology on disk. */
  phrases?: PhraseCache;
  /** Firstword's levers; absent: LiveKit's defaults without Firstword. */
  levers?: Partial<CallLevers>;
  /** What the `filler` lever says where an answer is late. */
  filler?: FillerOptions;
}

/** Options of `playCall`. */
export interface PlayCallOptions {
  callId: string;
  agent: PlayedAgent;
  /** The caller's lines, in order. */
  clips: readonly Clip[];
  /** Seed of the pauses and the room noise; default 1. */
  seed?: number;
  /** Signal-to-noise ratio of the caller's speech, dB; default a quiet room. */
  snrDb?: number;
  behavior?: Partial<CallerBehavior>;
  /** Adds transcripts to the turn records; default false. */
  transcripts?: boolean;
  /** Time on the system clock from which the marks of the records count, ms. Give the tape the same origin. */
  startedMs: number;
  tape?: Pick<Tape, 'caller' | 'agent' | 'agentCut'>;
  events: CallEvents & {
    onCallerTurn?(turn: CallerTurn): void;
    /** The caller begins the line with this number, from 0, at this time of the system clock. */
    onCallerLine?(line: number, startMs: number): void;
  };
  /** Receives the audio of both sides live, for listening along. */
  listen?: {
    caller(samples: Int16Array): void;
    agent(samples: Int16Array, answer: number): void;
    clear(): void;
  };
  /** The call is up: a handle on it, to switch its levers while it runs. */
  onCall?(call: Pick<AgentCall, 'setLevers'>): void;
  signal?: AbortSignal;
}

/** The result of a call, from the caller's side. */
export interface PlayCallResult {
  report: CallReport;
  /** The signal fired before the last line was answered. */
  stopped: boolean;
}

/** Plays a scripted call against an agent session in this process, in real time. */
export async function playCall(options: PlayCallOptions): Promise<PlayCallResult> {
  const { clips, tape, listen, events, signal } = options;
  const clock = systemClock;
  let playedUntilMs = 0;
  const sink: PlayoutSink = {
    play: (samples, playAtMs, answer) => {
      playedUntilMs = playAtMs + (samples.length / OUTPUT_RATE_HZ) * 1000;
      tape?.agent(playAtMs, samples, OUTPUT_RATE_HZ);
      caller.receiveAudio(playAtMs, samples, OUTPUT_RATE_HZ);
      listen?.agent(samples, answer);
    },
    clear: () => {
      tape?.agentCut(clock.nowMs());
      listen?.clear();
    },
  };
  const caller = new ScriptedCaller({
    clips,
    clock,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.snrDb === undefined ? {} : { snrDb: options.snrDb }),
    ...(options.behavior === undefined ? {} : { behavior: options.behavior }),
    playoutEmpty: () => clock.nowMs() >= playedUntilMs,
    send: (startMs, frame) => {
      call.push(frame, startMs);
      tape?.caller(startMs, frame, CALLER_RATE_HZ);
      listen?.caller(frame);
    },
    onLine: (line, startMs) => events.onCallerLine?.(line, startMs),
    ...(events.onCallerTurn === undefined ? {} : { onTurn: (turn) => events.onCallerTurn?.(turn) }),
  });
  const call = await startCall({
    callId: options.callId,
    ...options.agent,
    ...(options.transcripts === undefined ? {} : { transcripts: options.transcripts }),
    startedMs: options.startedMs,
    sink,
    clock,
    events,
  });
  options.onCall?.(call);
  try {
    await caller.run(signal ? { signal } : {});
    return { report: caller.report(), stopped: false };
  } catch (error) {
    if (!signal?.aborted) throw error;
    return { report: caller.report(), stopped: true };
  } finally {
    await call.close();
  }
}
