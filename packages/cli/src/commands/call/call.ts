import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CallReport,
  type Clip,
  callLines,
  callRoom,
  measureTapeFile,
  openTape,
  readRecordings,
  synthesizeCall,
} from '@firstword/bench';
import { callerToken, closeRooms } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';
import { type LiveKitServer, liveKitServer } from '../../livekit-server.js';
import { stopSignal } from '../../stop-signal.js';
import type { CallOptions } from './define.js';
import { CallScreen } from './screen.js';
import { type MeasuredCall, measuredCall } from './summary.js';

/** What each call speaks: the sample caller's lines, or recordings, call by call. */
async function script(options: CallOptions, signal: AbortSignal): Promise<Clip[][]> {
  if (options.audio !== undefined) return (await readRecordings(options.audio)).map(({ clips }) => clips);
  const voice = fliteTts({ voice: options.voice });
  try {
    const lines = callLines({ turns: options.turns, seed: options.seed });
    return [await synthesizeCall({ lines, voice, signal })];
  } finally {
    await voice.close();
  }
}

function newId(): string {
  return `call-${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}`;
}

async function callOnce(
  options: CallOptions & { clips: readonly Clip[]; index: number; server: LiveKitServer },
  screen: CallScreen,
  signal: AbortSignal,
): Promise<MeasuredCall> {
  const { clips, index, server } = options;
  const id = newId();
  const room = options.room ?? id;
  const path = join(options.out, `${id}.wav`);
  const startedMs = systemClock.nowMs();
  const startedWallMs = systemClock.wallMs();
  const tape = openTape({
    path,
    originMs: startedMs,
    onError: (error) => screen.error(error.message),
  });
  try {
    const { url, apiKey, apiSecret } = server;
    const { agentName } = options;
    const token = await callerToken({
      apiKey,
      apiSecret,
      room,
      identity: `${id}-caller`,
      ...(agentName === undefined ? {} : { agentName }),
    });
    screen.begin(index, room);
    let came: MeasuredCall['agent'];
    const { report, brokenOff } = await callRoom({
      url,
      token,
      clips,
      tape,
      seed: options.seed + index,
      ...(options.snr === undefined ? {} : { snrDb: options.snr }),
      onAgent: (identity, cameAfterMs) => {
        came = { identity, cameAfterMs };
        screen.agent(identity, cameAfterMs);
      },
      onTurn: (turn) => screen.turn(turn),
      signal,
    });
    await tape.close();
    const measured = await measureTapeFile(path);
    return measuredCall({ id, room, agent: came, report, brokenOff, measured, startedWallMs, tape: path });
  } finally {
    await tape.close();
  }
}

const failed = (report: CallReport, lines: number) => report.lost > 0 || report.turns.length < lines;

/** `firstword call`. */
export async function call(options: CallOptions): Promise<void> {
  const server = liveKitServer(options);
  const signal = stopSignal();
  await mkdir(options.out, { recursive: true }).catch((cause) => {
    throw new FirstwordError(
      'unwritable',
      `cannot make the folder ${options.out}: choose another with --out`,
      { cause },
    );
  });
  const screen = new CallScreen({ calls: options.calls, json: options.json ?? false });
  const done: MeasuredCall[] = [];
  let isWhole = true;
  try {
    screen.step("Speaking the caller's lines …");
    const scripts = await script(options, signal);
    for (let index = 0; index < options.calls && !signal.aborted; index += 1) {
      const clips = scripts[index % scripts.length]!;
      const measured = await callOnce({ ...options, clips, index, server }, screen, signal);
      done.push(measured);
      screen.call(measured);
      if (measured.brokenOff !== undefined || failed(measured.caller, clips.length)) isWhole = false;
    }
  } catch (error) {
    if (!signal.aborted || !isFirstwordError(error, 'aborted')) throw error;
  } finally {
    screen.close();
    await closeRooms();
    if (done.length > 0) screen.summary(done, signal.aborted);
  }
  if (signal.aborted) process.exitCode = 130;
  else if (!isWhole) process.exitCode = 1;
}
