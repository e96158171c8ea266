import {
  type FillerOptions,
  type AgentCall,
  type CallEvents,
  type CallLevers,
  OUTPUT_RATE_HZ,
  type PhraseCache,
  type PlayoutSink,
  startCall,
} from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { type SpeechToText, systemClock, type TextToSpeech } from '@firstword/turn';
import { ScriptedCaller } from '../caller/caller.js';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import type { CallerTurn, CallReport } from '../caller/report.js';
import type { CallerManners } from '../caller/steps.js';
import type { Tape } from '../tape/tape.js';

/** The agent of a played call: the parts are lent, not closed. */
export interface PlayedAgent {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  instructions: string;
  greeting?: string;
  apology?: string;
  /** Keeps the audio of both on disk. */
  phrases?: PhraseCache;
  /** Firstword's levers; left out, LiveKit's defaults answer. */
  levers?: Partial<CallLevers>;
  /** What the `filler` lever says where an answer is late. */
  filler?: FillerOptions;
}

export interface PlayCallOptions {
  callId: string;
  agent: PlayedAgent;
  clips: readonly Clip[];
  seed?: number;
  /** How far the caller's speech stands above the noise around, dB; a quiet room unless told. */
  snrDb?: number;
  manners?: Partial<CallerManners>;
  transcripts?: boolean;
  /** The moment (system clock, ms) that records, and a tape with this origin, count from. */
  startedMs: number;
  tape?: Pick<Tape, 'caller' | 'agent' | 'agentCut'>;
  events: CallEvents & { onCallerTurn?(turn: CallerTurn): void };
  /** Both voices as they go by, to listen along. */
  listen?: {
    caller(samples: Int16Array): void;
    agent(samples: Int16Array, answer: number): void;
    clear(): void;
  };
  /** The call is up: a handle on it, to switch its levers while it runs. */
  onCall?(call: Pick<AgentCall, 'setLevers'>): void;
  signal?: AbortSignal;
}

/** What happened, by the caller's own account. */
export interface PlayedCall {
  report: CallReport;
  /** The signal fired before the last line was answered. */
  stopped: boolean;
}

/** Plays a scripted caller against a real agent session in this process, at the pace of speech. */
export async function playCall(options: PlayCallOptions): Promise<PlayedCall> {
  const { clips, tape, listen, events, signal } = options;
  const clock = systemClock;
  let playedUntilMs = 0;
  const sink: PlayoutSink = {
    play: (samples, playAtMs, answer) => {
      playedUntilMs = playAtMs + (samples.length / OUTPUT_RATE_HZ) * 1000;
      tape?.agent(playAtMs, samples, OUTPUT_RATE_HZ);
      caller.heard(playAtMs, samples, OUTPUT_RATE_HZ);
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
    ...(options.manners === undefined ? {} : { manners: options.manners }),
    playoutEmpty: () => clock.nowMs() >= playedUntilMs,
    send: (startMs, frame) => {
      call.push(frame, startMs);
      tape?.caller(startMs, frame, CALLER_RATE_HZ);
      listen?.caller(frame);
    },
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
