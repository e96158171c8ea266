import { join } from 'node:path';
import {
  type CallAccount,
  type Clip,
  callRoom,
  type MeasuredCall,
  measuredCall,
  measureTapeFile,
  openTape,
} from '@firstword/bench';
import { callerToken } from '@firstword/livekit';
import { isFirstwordError, systemClock } from '@firstword/turn';
import type { LiveKitServer } from '../../livekit-server.js';
import { accountOfCall } from './account.js';
import type { CallOptions } from './define.js';
import type { CallScreen } from './screen.js';

const newId = (index: number) =>
  `call-${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}-${index + 1}`;

/** What a call needs beside the command's options. */
export interface OneCall {
  clips: readonly Clip[];
  /** From 0. */
  index: number;
  server: LiveKitServer;
  screen: CallScreen;
  signal: AbortSignal;
}

async function token(id: string, room: string, options: CallOptions, server: LiveKitServer): Promise<string> {
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

/** What the agent's records say of the call, where they were asked for and are there. */
async function accountFrom(
  dir: string | undefined,
  call: { agent: string; tape: string; startedWallMs: number; signal: AbortSignal },
  screen: CallScreen,
): Promise<CallAccount | undefined> {
  if (dir === undefined) return undefined;
  try {
    return await accountOfCall({ dir, ...call });
  } catch (error) {
    if (!isFirstwordError(error) || call.signal.aborted) throw error;
    screen.error(error.message);
    return undefined;
  }
}

/** Makes one call, and measures it from its tape. */
export async function oneCall(options: CallOptions, one: OneCall): Promise<MeasuredCall> {
  const { clips, index, server, screen, signal } = one;
  const id = newId(index);
  const room = options.room ?? id;
  const path = join(options.out, `${id}.wav`);
  const startedMs = systemClock.nowMs();
  const startedWallMs = systemClock.wallMs();
  const tape = openTape({ path, originMs: startedMs, onError: (error) => screen.error(error.message) });
  try {
    screen.begin(index, room);
    let came: MeasuredCall['agent'];
    const made = await callRoom({
      url: server.url,
      token: await token(id, room, options, server),
      clips,
      tape,
      seed: options.seed + index,
      ...(options.snr === undefined ? {} : { snrDb: options.snr }),
      ...(options.telephone === undefined ? {} : { telephone: options.telephone }),
      onAgent: (identity, cameAfterMs) => {
        came = { identity, cameAfterMs };
        screen.agent(index, identity, cameAfterMs);
      },
      onTurn: (turn) => screen.turn(index, turn),
      signal,
    });
    await tape.close();
    const measured = await measureTapeFile(path);
    const account =
      came &&
      (await accountFrom(
        options.records,
        { agent: came.identity, tape: path, startedWallMs, signal },
        screen,
      ));
    return measuredCall({
      id,
      room,
      agent: came,
      made,
      measured,
      startedWallMs,
      startedMs,
      tape: path,
      account,
    });
  } finally {
    await tape.close();
  }
}
