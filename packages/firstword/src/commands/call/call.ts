import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type CallReport,
  type Clip,
  callLines,
  type MeasuredCall,
  readRecordings,
  renderRecordings,
  synthesizeCall,
} from '@firstword/calls';
import { closeRooms } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { removeOldCalls } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import { liveKitServer } from '../../livekit-server.js';
import { stopSignal } from '../../stop-signal.js';
import { oneCall } from './one-call.js';
import type { CallCommandOptions } from './options.js';
import { CallScreen } from './screen.js';

/** The clips of each call: the sample caller's lines, or one set of clips per recorded call. */
async function prepareClips(options: CallCommandOptions, signal: AbortSignal): Promise<Clip[][]> {
  if (options.audio !== undefined) {
    const recordings = await readRecordings(options.audio, { signal });
    process.stderr.write(`${renderRecordings(recordings)}\n\n`);
    return recordings.map(({ clips }) => clips);
  }
  const voice = fliteTts({ voice: options.voice });
  try {
    const lines = callLines({ turns: options.turns, seed: options.seed });
    return [await synthesizeCall({ lines, voice, signal })];
  } finally {
    await voice.close();
  }
}

const failed = (report: CallReport, lines: number) => report.lost > 0 || report.turns.length < lines;

/**
 * Runs `work` for the indexes 0 to `count` − 1, at most `atOnce` at a time. After the signal or a failure it starts no
 * more, but waits for the running ones: a failed call must not cut off the others.
 */
async function runConcurrently(
  count: number,
  atOnce: number,
  signal: AbortSignal,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const worker = async () => {
    while (next < count && !signal.aborted && failures.length === 0) {
      await work(next++).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, atOnce) }, worker));
  if (failures.length > 0) throw failures[0];
}

/** `firstword call`. */
export async function call(options: CallCommandOptions): Promise<void> {
  const server = liveKitServer(options);
  if (options.room !== undefined && options.concurrent > 1) {
    throw new FirstwordError('bad_input', 'a room holds one call at a time: omit --room or --concurrent');
  }
  if (options.alignedRecords !== undefined && options.records === undefined) {
    const message = "--aligned-records needs the agent's records: name their folder with --records";
    throw new FirstwordError('bad_input', message);
  }
  if (options.alignedRecords !== undefined && resolve(options.alignedRecords) === resolve(options.records!)) {
    const message = '--aligned-records and --records must be different folders: name another folder';
    throw new FirstwordError('bad_input', message);
  }
  const signal = stopSignal();
  await mkdir(options.out, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new FirstwordError(
      'unwritable',
      `cannot create the folder ${options.out}: choose another one with --out`,
      { cause },
    );
  });
  if (options.keepDays !== undefined) await removeOldCalls({ dir: options.out, keepDays: options.keepDays });
  const screen = new CallScreen({
    calls: options.calls,
    concurrent: options.concurrent,
    json: options.json ?? false,
  });
  const done: MeasuredCall[] = [];
  let isWhole = true;
  try {
    screen.step("Speaking the caller's lines …");
    const scripts = await prepareClips(options, signal);
    await runConcurrently(options.calls, options.concurrent, signal, async (index) => {
      const clips = scripts[index % scripts.length]!;
      const measured = await oneCall(options, { clips, index, server, screen, signal });
      done.push(measured);
      screen.call(measured);
      if (measured.brokenOff !== undefined || failed(measured.caller, clips.length)) isWhole = false;
      if (options.records !== undefined && !measured.alignment) isWhole = false;
      if ((measured.alignment?.failed.length ?? 0) > 0) isWhole = false;
    });
  } finally {
    screen.close();
    await closeRooms();
    if (done.length > 0) screen.summary(done, signal.aborted);
  }
  if (!isWhole) process.exitCode = 1;
}
