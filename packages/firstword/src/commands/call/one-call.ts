import { join } from 'node:path';
import { type Clip, callRoom, type MeasuredCall, measuredCall, openTape } from '@firstword/calls';
import { callerToken } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';
import type { LiveKitServer } from '../../livekit-server.js';
import { measureInThread } from './measure.js';
import type { CallCommandOptions } from './options.js';
import type { CallScreen } from './screen.js';

/** The process id keeps two commands that call in the same millisecond out of each other's room. */
const newId = (index: number) =>
  `call-${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}-${process.pid}-${index + 1}`;

/** What one call needs besides the command's options. */
export interface OneCallOptions {
  clips: readonly Clip[];
  /** From 0. */
  index: number;
  server: LiveKitServer;
  screen: CallScreen;
  signal: AbortSignal;
}

async function token(
  id: string,
  room: string,
  options: CallCommandOptions,
  server: LiveKitServer,
): Promise<string> {
  const { agentName, telephone } = options;
  const { apiKey, apiSecret } = server;
  return callerToken({
    apiKey,
    apiSecret,
    room,
    identity: `${id}-caller`,
    ...(agentName === undefined ? {} : { agentName }),
    ...(telephone === undefined ? {} : { telephone }),
  });
}

/** Makes one call and measures it from its tape. */
export async function oneCall(options: CallCommandOptions, one: OneCallOptions): Promise<MeasuredCall> {
  const { clips, index, server, screen, signal } = one;
  const id = newId(index);
  const room = options.room ?? id;
  const path = join(options.out, `${id}.wav`);
  const startedMs = systemClock.nowMs();
  const startedWallMs = systemClock.wallMs();
  const tape = openTape({ path, originMs: startedMs, onError: (error) => screen.error(error.message) });
  try {
    screen.begin(index, room);
    let joined: MeasuredCall['agent'];
    const result = await callRoom({
      url: server.url,
      token: await token(id, room, options, server),
      clips,
      tape,
      seed: options.seed + index,
      ...(options.snr === undefined ? {} : { snrDb: options.snr }),
      ...(options.telephone === undefined ? {} : { telephone: options.telephone }),
      onAgent: (identity, cameAfterMs) => {
        joined = { identity, cameAfterMs };
        screen.agent(index, identity, cameAfterMs);
      },
      onTurn: (turn) => screen.turn(index, turn),
      signal,
    });
    await tape.close();
    // After Ctrl-C, skip the alignment: it would wait for the agent's files.
    const records =
      options.records !== undefined && joined && !signal.aborted
        ? {
            dir: options.records,
            agent: joined.identity,
            startedWallMs,
            ...(options.alignedRecords === undefined ? {} : { alignedDir: options.alignedRecords }),
          }
        : undefined;
    const job = { tape: path, ...(records ? { records } : {}) };
    const { measured, alignment, alignmentError } = await measureInThread(job, { signal });
    if (alignmentError !== undefined) screen.error(alignmentError);
    return measuredCall({
      id,
      room,
      agent: joined,
      result,
      measured,
      startedWallMs,
      startedMs,
      tape: path,
      alignment,
    });
  } finally {
    await tape.close();
  }
}
