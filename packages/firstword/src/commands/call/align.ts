import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  alignCall,
  type CallAlignment,
  detectGaps,
  pairTapes,
  recordsWithTransport,
} from '@firstword/calls/alignment';
import { readWav } from '@firstword/local';
import { openTurnStore, readTurns } from '@firstword/records';
import { FirstwordError, type TurnRecord } from '@firstword/turn';
import type { MeasureJob } from './measure.js';

/** LiveKit names an agent in a room `agent-` plus its job id. The sample agent's files are named after the job id. */
const AGENT_PREFIX = 'agent-';
/** The agent's files count as complete when their sizes have not changed for this long, ms. */
const QUIET_MS = 3000;
/** Longest time to wait for the agent's files to be complete, ms. */
const MAX_WAIT_MS = 20_000;

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? -1;
}

/** Waits until the agent has written its files: it ends a call a little later than the caller. */
async function waitUntilComplete(paths: readonly string[]): Promise<void> {
  let before: number[] = [];
  for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += QUIET_MS) {
    const now = await Promise.all(paths.map(sizeOf));
    if (now.every((size, i) => size >= 0 && size === before[i])) return;
    before = now;
    await sleep(QUIET_MS);
  }
}

async function recordsOf(path: string): Promise<TurnRecord[]> {
  const records: TurnRecord[] = [];
  const onBadLine = ({ message }: { message: string }) => {
    throw new FirstwordError('record_invalid', message);
  };
  for await (const record of readTurns(path, { onBadLine })) records.push(record);
  return records;
}

/** Wall time at which the agent's tape started, Unix ms. A record has the end of speech in both clocks. */
function recordingStartMs(records: readonly TurnRecord[]): number | undefined {
  const known = records.find(({ marks }) => marks.speechEnded !== undefined);
  return known && Date.parse(known.at) - known.marks.speechEnded!;
}

/**
 * Writes records that include the transport.
 * @throws FirstwordError `unwritable`
 */
async function writeAlignedRecords(
  dir: string,
  callId: string,
  records: readonly TurnRecord[],
): Promise<void> {
  const failures: FirstwordError[] = [];
  const store = openTurnStore({ dir, callId, onError: (error) => failures.push(error) });
  for (const record of records) store.append(record);
  await store.close();
  if (failures[0]) throw failures[0];
}

/**
 * Aligns the records and the tape that a Firstword agent wrote for a call with the caller's tape. Blocks the thread for
 * about a second, so it must not run on a thread that plays audio.
 * @throws FirstwordError `bad_input` if the agent's files are missing or belong to another call; `unwritable`
 */
export async function alignCallFiles(
  options: NonNullable<MeasureJob['records']> & { tape: string },
): Promise<CallAlignment> {
  const { dir, agent, tape, startedWallMs, alignedDir } = options;
  const callId = agent.startsWith(AGENT_PREFIX) ? agent.slice(AGENT_PREFIX.length) : agent;
  const [recordsPath, tapePath] = [join(dir, `${callId}.jsonl`), join(dir, `${callId}.wav`)];
  await waitUntilComplete([recordsPath, tapePath]);
  const records = await recordsOf(recordsPath);
  const [callerWav, agentWav] = (await Promise.all(
    [tape, tapePath].map(async (path) => {
      const bytes = await readFile(path).catch((cause: unknown) => {
        const message = `there is no tape of the agent at ${path}: run the agent with --tape, so that the transport can be measured`;
        throw new FirstwordError('bad_input', message, { cause });
      });
      return readWav(bytes, path);
    }),
  )) as [ReturnType<typeof readWav>, ReturnType<typeof readWav>];
  const ends = pairTapes(callerWav, agentWav);
  if (!ends) {
    throw new FirstwordError('bad_input', `${tapePath} and ${tape} are not tapes of the same call`);
  }
  const beganMs = recordingStartMs(records);
  const alignment = alignCall({
    records,
    measured: await detectGaps(callerWav),
    ends,
    ...(beganMs === undefined ? {} : { agentBeganLaterMs: beganMs - startedWallMs }),
  });
  if (alignedDir !== undefined)
    await writeAlignedRecords(alignedDir, callId, recordsWithTransport(records, alignment));
  return alignment;
}
