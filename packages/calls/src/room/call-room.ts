import { type LinkStats, openRoomLine } from '@firstword/livekit';
import { type Clock, isFirstwordError, systemClock } from '@firstword/turn';
import { ScriptedCaller } from '../caller/caller.js';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import type { CallerTurn, CallReport } from '../caller/report.js';
import type { CallerBehavior } from '../caller/steps.js';
import type { Tape } from '../tape/tape.js';
import { TELEPHONE_RATE_HZ, throughTelephone } from './telephone.js';

/** An agent has this long to come into the room and publish its voice, ms. */
const AGENT_COMES_MS = 60_000;

export interface RoomCallOptions {
  url: string;
  token: string;
  clips: readonly Clip[];
  seed?: number;
  snrDb?: number;
  /** Speaks and hears as a telephone does: 8 kHz and μ-law. The token says whether the caller is one. */
  telephone?: boolean;
  behavior?: Partial<CallerBehavior>;
  /** Both voices where the caller is: what was said as it went into WebRTC, and what was heard as it came out. */
  tape?: Pick<Tape, 'caller' | 'agent'>;
  /** The agent is there: its identity in the room, and how long it took to come, ms. */
  onAgent?(identity: string, cameAfterMs: number): void;
  onTurn?(turn: CallerTurn): void;
  clock?: Clock;
  signal?: AbortSignal;
}

/** What happened, by the caller's own alignment. */
export interface RoomCall {
  report: CallReport;
  /** Why the call ended before its last line was answered, if it did. */
  brokenOff?: string;
  /** How the caller's connection did, by WebRTC's own statistics at the call's end; absent where they were not told. */
  link?: LinkStats;
}

/**
 * Calls whatever agent answers in a room: speaks at the pace of speech, waits for the answers as people do, hangs up.
 * @throws FirstwordError `connect_failed`, or `timeout` when no agent came
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
    // What the agent still has to play is its own secret: the ear tells when it has ended.
    playoutEmpty: () => true,
    send: (startMs, frame, isPause) => {
      line.send(frame, isPause);
      tape?.caller(startMs, frame, CALLER_RATE_HZ);
    },
  });
  const line = await openRoomLine({
    url: options.url,
    token: options.token,
    clock,
    ...(options.telephone ? { heardRateHz: TELEPHONE_RATE_HZ } : {}),
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
    const identity = await line.agentCame({ withinMs: AGENT_COMES_MS, signal });
    options.onAgent?.(identity, clock.nowMs() - joinedMs);
    const report = await caller.run({ signal });
    const link = await line.link();
    return { report, ...(link ? { link } : {}) };
  } catch (error) {
    if (!isFirstwordError(error, 'aborted')) throw error;
    return { report: caller.report(), brokenOff: gone ?? 'stopped' };
  } finally {
    await line.close();
  }
}
