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

/** LiveKit's agents are called so in a room, by their job: so are the records of Firstword's sample agent. */
const AGENT_PREFIX = 'agent-';
/** An agent's files are whole when they have not changed for this long, ms … */
const QUIET_MS = 3000;
/** … which takes no longer than this. */
const LONGEST_MS = 20_000;

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? -1;
}

/** Waits until the agent, which ends a call a little later than its caller, has written everything. */
async function whole(paths: readonly string[]): Promise<void> {
  let before: number[] = [];
  for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += QUIET_MS) {
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

/** Wall time at which the agent's tape began, Unix ms: every record tells when the caller stopped, by both clocks. */
function beganOf(records: readonly TurnRecord[]): number | undefined {
  const known = records.find(({ marks }) => marks.speechEnded !== undefined);
  return known && Date.parse(known.at) - known.marks.speechEnded!;
}

/** Writes the records as the caller had them. @throws FirstwordError `unwritable` */
async function writeHeard(dir: string, callId: string, records: readonly TurnRecord[]): Promise<void> {
  const failures: FirstwordError[] = [];
  const store = openTurnStore({ dir, callId, onError: (error) => failures.push(error) });
  for (const record of records) store.append(record);
  await store.close();
  if (failures[0]) throw failures[0];
}

/**
 * Holds the records that a Firstword agent wrote of a call, and its own tape of it, against the caller's tape. Takes the
 * thread for a second or so: not for one in which somebody speaks.
 * @throws FirstwordError `bad_input` where the agent's files are not there, or are of another call; `unwritable`
 */
export async function alignCallFiles(
  options: NonNullable<MeasureJob['records']> & { tape: string },
): Promise<CallAlignment> {
  const { dir, agent, tape, startedWallMs, heardDir } = options;
  const callId = agent.startsWith(AGENT_PREFIX) ? agent.slice(AGENT_PREFIX.length) : agent;
  const [recordsPath, tapePath] = [join(dir, `${callId}.jsonl`), join(dir, `${callId}.wav`)];
  await whole([recordsPath, tapePath]);
  const records = await recordsOf(recordsPath);
  const [callerWav, agentWav] = (await Promise.all(
    [tape, tapePath].map(async (path) => {
      const bytes = await readFile(path).catch((cause: unknown) => {
        const message = `there is no tape of the agent at ${path}: run it with --tape, so that what lies between its records and the caller can be measured`;
        throw new FirstwordError('bad_input', message, { cause });
      });
      return readWav(bytes, path);
    }),
  )) as [ReturnType<typeof readWav>, ReturnType<typeof readWav>];
  const ends = pairTapes(callerWav, agentWav);
  if (!ends) {
    throw new FirstwordError('bad_input', `${tapePath} is not of the same call as ${tape}`);
  }
  const beganMs = beganOf(records);
  const alignment = alignCall({
    records,
    measured: detectGaps(callerWav),
    ends,
    ...(beganMs === undefined ? {} : { agentBeganLaterMs: beganMs - startedWallMs }),
  });
  if (heardDir !== undefined) await writeHeard(heardDir, callId, recordsWithTransport(records, alignment));
  return alignment;
}
