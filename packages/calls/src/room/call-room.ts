import { type LinkStats, openRoomLine } from '@firstword/livekit';
import { type Clock, isFirstwordError, systemClock } from '@firstword/turn';
import { ScriptedCaller } from '../caller/caller.js';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import type { CallerTurn, CallReport } from '../caller/report.js';
import type { CallerBehavior } from '../caller/steps.js';
import type { Tape } from '../tape/tape.js';
import { TELEPHONE_RATE_HZ, throughTelephone } from './telephone.js';

/** Time within which the agent must join the room and publish its audio, ms. */
const AGENT_JOIN_TIMEOUT_MS = 60_000;

/** Options of `callRoom`. */
export interface RoomCallOptions {
  /** URL of the LiveKit server. */
  url: string;
  /** Access token of the caller. */
  token: string;
  /** The lines to speak, in order. */
  clips: readonly Clip[];
  /** Seed of the pauses and the room noise; default 1. */
  seed?: number;
  /** Signal-to-noise ratio of the caller's speech, dB; default a quiet room. */
  snrDb?: number;
  /** Uses telephone audio (8 kHz, μ-law) in both directions; default false. The token decides the participant kind. */
  telephone?: boolean;
  behavior?: Partial<CallerBehavior>;
  /** Records both voices at the caller's end: as sent to WebRTC, and as received from it. */
  tape?: Pick<Tape, 'caller' | 'agent'>;
  /** Called when the agent has joined: its identity, and how long that took, ms. */
  onAgent?(identity: string, cameAfterMs: number): void;
  onTurn?(turn: CallerTurn): void;
  clock?: Clock;
  signal?: AbortSignal;
}

/** The result of a call into a room, from the caller's side. */
export interface RoomCall {
  report: CallReport;
  /** When the caller was in the room, on the caller's clock, ms. */
  joinedMs: number;
  /** Why the call ended before its last line was answered; absent where it did not. */
  brokenOff?: string;
  /** WebRTC statistics of the caller's connection at the end of the call; absent where not available. */
  link?: LinkStats;
}

/**
 * Calls an agent in a LiveKit room: joins, speaks its lines in real time, waits for the answers and leaves.
 * @throws FirstwordError `connect_failed`, or `timeout` when no agent joined
 */
export async function callRoom(options: RoomCallOptions): Promise<RoomCall> {
  const { tape, clock = systemClock } = options;
  const clips = options.telephone ? options.clips.map(throughTelephone) : options.clips;
  const over = new AbortController();
  let gone: string | undefined;
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal;
  const caller = new ScriptedCaller({
    clips,
    clock,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.snrDb === undefined ? {} : { snrDb: options.snrDb }),
    ...(options.behavior === undefined ? {} : { behavior: options.behavior }),
    ...(options.onTurn === undefined ? {} : { onTurn: options.onTurn }),
    // The agent's playout queue is not known here: the audible audio alone shows when an answer has ended.
    playoutEmpty: () => true,
    send: (startMs, frame, isPause) => {
      line.send(frame, isPause);
      tape?.caller(startMs, frame, CALLER_RATE_HZ);
    },
  });
  let arrivedMs = clock.nowMs();
  const line = await openRoomLine({
    url: options.url,
    token: options.token,
    clock,
    ...(options.telephone ? { heardRateHz: TELEPHONE_RATE_HZ } : {}),
    onJoined: (atMs) => {
      arrivedMs = atMs;
    },
    onAgent: (startMs, samples, rateHz) => {
      caller.receiveAudio(startMs, samples, rateHz);
      tape?.agent(startMs, samples, rateHz);
    },
    onGone: (why) => {
      gone = why;
      over.abort();
    },
  });
  try {
    const joinedMs = clock.nowMs();
    const identity = await line.agentCame({ withinMs: AGENT_JOIN_TIMEOUT_MS, signal });
    options.onAgent?.(identity, clock.nowMs() - joinedMs);
    const report = await caller.run({ signal });
    const link = await line.link();
    return { report, joinedMs: arrivedMs, ...(link ? { link } : {}) };
  } catch (error) {
    if (!isFirstwordError(error, 'aborted')) throw error;
    return { report: caller.report(), joinedMs: arrivedMs, brokenOff: gone ?? 'stopped' };
  } finally {
    await line.close();
  }
}
