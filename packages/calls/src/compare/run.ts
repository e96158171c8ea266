import { join } from 'node:path';
import { openTurnStore } from '@firstword/records';
import { type FirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import { type PlayedAgent, playCall } from '../run/play-call.js';
import { detectGapsInFile } from '../tape/gap-detector.js';
import { openTape } from '../tape/tape.js';
import type { Arm } from './arms.js';
import type { CompareCall } from './calls.js';
import { cpuCost, cpuTime } from './cpu.js';
import { type RecordedRequest, recordingRequests } from './llm-requests.js';
import { type CallOutcome, lineOutcomes, speculationFacts } from './outcome.js';
import { interleaved, type ScheduledCall } from './schedule.js';

/** A call with its lines spoken. */
export interface SpokenCall extends CompareCall {
  clips: readonly Clip[];
}

export interface ComparisonOptions {
  arms: readonly Arm[];
  calls: readonly SpokenCall[];
  rounds: number;
  seed: number;
  /** Every arm gets a call first that is handed over as round 0 and not counted. */
  warmUp?: boolean;
  /** The agent's parts for an arm, without its levers: the same in every arm. They are lent, not closed. */
  agentOf(arm: Arm): Omit<PlayedAgent, 'levers'>;
  /** `DIR/<arm>/<call>.wav` and `.jsonl` are written here. */
  dir: string;
  /** Begins the names of those files, so that one run's are not added to another's. */
  runId: string;
  /** Adds the words of both sides to the records. */
  transcripts?: boolean;
  /** Calls that were played before, and are left out. */
  isPlayed?(call: { arm: string; round: number; call: string }): boolean;
  /** A call begins: the `index`-th of `count`, from 0. */
  onCall?(planned: { index: number; count: number; arm: string; round: number; call: CompareCall }): void;
  /** A call is over, and measured. */
  onOutcome?(outcome: CallOutcome): void;
  signal?: AbortSignal;
}

async function playOne(
  options: ComparisonOptions,
  { round, call, arm, seed }: ScheduledCall<SpokenCall, Arm>,
): Promise<CallOutcome> {
  const { signal } = options;
  const callId = `${options.runId}-r${round}-${call.id}`;
  const dir = join(options.dir, arm.name);
  const errors: string[] = [];
  const onError = (error: FirstwordError) => errors.push(error.message);
  const records: TurnRecord[] = [];
  const startedMs = systemClock.nowMs();
  const store = openTurnStore({ dir, callId, onError });
  const path = join(dir, `${callId}.wav`);
  const tape = openTape({ path, originMs: startedMs, onError });
  const asked: RecordedRequest[] = [];
  const agent = options.agentOf(arm);
  try {
    const before = await cpuTime();
    const { report, stopped } = await playCall({
      callId,
      agent: {
        ...agent,
        llm: recordingRequests(agent.llm, asked),
        ...(arm.levers ? { levers: arm.levers } : {}),
      },
      clips: call.clips,
      seed,
      ...(call.snrDb === undefined ? {} : { snrDb: call.snrDb }),
      // Always heard, to be held against what was said; kept only where asked.
      transcripts: true,
      startedMs,
      tape,
      events: {
        onTurn: (record, final) => {
          if (!final) return;
          records.push(record);
          store.append(options.transcripts ? record : { ...record, transcript: undefined });
        },
        onError: (source, message) => errors.push(`${source}: ${message}`),
      },
      ...(signal ? { signal } : {}),
    });
    const cpu = cpuCost(before, await cpuTime(), systemClock.nowMs() - startedMs);
    await tape.close();
    const lines = lineOutcomes({
      lines: call.lines,
      lineMs: call.clips.map((clip) => (clip.samples.length * 1000) / CALLER_RATE_HZ),
      turns: report.turns,
      tape: await detectGapsInFile(path),
      records,
      asked,
      startedMs,
    });
    return {
      arm: arm.name,
      round,
      call: call.id,
      voice: call.voice,
      lines,
      speculation: speculationFacts(records),
      ...(stopped ? { stopped } : {}),
      errors,
      cpu,
      tape: `${arm.name}/${callId}.wav`,
    };
  } finally {
    await tape.close();
    await store.close();
  }
}

/**
 * Plays every call through every arm, interleaved, and measures each from its tape. Resolves early, with the lines that
 * were answered, when the signal fires.
 * @throws FirstwordError `unwritable` where the folder cannot be written
 */
export async function playComparison(options: ComparisonOptions): Promise<CallOutcome[]> {
  const schedule = interleaved(options);
  const outcomes: CallOutcome[] = [];
  for (const [index, planned] of schedule.entries()) {
    if (options.signal?.aborted) break;
    const { arm, round, call } = planned;
    if (options.isPlayed?.({ arm: arm.name, round, call: call.id })) continue;
    options.onCall?.({ index, count: schedule.length, arm: arm.name, round, call });
    const outcome = await playOne(options, planned);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  return outcomes;
}
