import { join } from 'node:path';
import { openTurnStore, type TurnStore } from '@firstword/records';
import { type FirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';
import { type PlayCallOptions, type PlayedAgent, playCall } from '../run/play-call.js';
import { detectGapsInFile } from '../tape/gap-detector.js';
import { openTape } from '../tape/tape.js';
import type { Arm } from './arms.js';
import type { CompareCall } from './calls.js';
import { cpuCost, cpuTime } from './cpu.js';
import { type RecordedRequest, recordingRequests } from './llm-requests.js';
import { type CallOutcome, lineOutcomes, speculationFacts } from './outcome.js';
import { interleaved, type ScheduledCall } from './schedule.js';

/** A comparison call with the audio of its lines. */
export interface SpokenCall extends CompareCall {
  clips: readonly Clip[];
}

/** Options of `playComparison`. */
export interface ComparisonOptions {
  /** The compared arms; the first one is the baseline. */
  arms: readonly Arm[];
  calls: readonly SpokenCall[];
  /** How often every call is played in every arm. */
  rounds: number;
  /** Seed of the caller's pauses and room noise. */
  seed: number;
  /** Plays one call per arm first, reported as round 0 and not counted; default false. */
  warmUp?: boolean;
  /** STT, LLM, TTS and instructions of an arm's agent, without its levers. The comparison does not close them. */
  agentOf(arm: Arm): Omit<PlayedAgent, 'levers'>;
  /** Output folder: receives `<arm>/<call>.wav` and `.jsonl`. */
  dir: string;
  /** Prefix of these file names, so that runs into the same folder do not mix. */
  runId: string;
  /** Stores the transcripts of both sides in the records; default false. */
  transcripts?: boolean;
  /** Calls to skip because they were already played. */
  isPlayed?(call: { arm: string; round: number; call: string }): boolean;
  /** Called when a caller begins a line, at this time of the system clock. */
  onCallerLine?(clip: Clip, startMs: number): void;
  /** Called when a call starts: the `index`-th of `count`, from 0. */
  onCall?(planned: { index: number; count: number; arm: string; round: number; call: CompareCall }): void;
  /** Called when a call has ended and was measured. */
  onOutcome?(outcome: CallOutcome): void;
  signal?: AbortSignal;
}

/** Events of a call: final records go to the list and to the store, errors to the list of errors. */
function recordInto(
  options: ComparisonOptions,
  parts: { call: SpokenCall; records: TurnRecord[]; errors: string[]; store: Pick<TurnStore, 'append'> },
): PlayCallOptions['events'] {
  const { call, records, errors, store } = parts;
  return {
    onTurn: (record, final) => {
      if (!final) return;
      records.push(record);
      store.append(options.transcripts ? record : { ...record, transcript: undefined });
    },
    onError: (source, message) => errors.push(`${source}: ${message}`),
    onCallerLine: (line, startMs) => options.onCallerLine?.(call.clips[line]!, startMs),
  };
}

/** The agent of an arm, with its levers, and with its LLM requests appended to `requests`. */
function agentWith(
  agent: Omit<PlayedAgent, 'levers'>,
  { arm, requests }: { arm: Arm; requests: RecordedRequest[] },
): PlayedAgent {
  const llm = recordingRequests(agent.llm, requests);
  return { ...agent, llm, ...(arm.levers ? { levers: arm.levers } : {}) };
}

/** Duration of a clip, ms. */
const clipMs = ({ samples }: Clip) => (samples.length * 1000) / CALLER_RATE_HZ;

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
  const requests: RecordedRequest[] = [];
  const agent = agentWith(options.agentOf(arm), { arm, requests });
  try {
    const before = await cpuTime();
    const { report, stopped } = await playCall({
      callId,
      agent,
      clips: call.clips,
      seed,
      ...(call.snrDb === undefined ? {} : { snrDb: call.snrDb }),
      // Always recorded, to compare them with the spoken words; stored only if requested.
      transcripts: true,
      startedMs,
      tape,
      events: recordInto(options, { call, records, errors, store }),
      ...(signal ? { signal } : {}),
    });
    const cpu = cpuCost(before, await cpuTime(), systemClock.nowMs() - startedMs);
    await tape.close();
    const lines = lineOutcomes({
      lines: call.lines,
      lineMs: call.clips.map(clipMs),
      turns: report.turns,
      tape: await detectGapsInFile(path),
      records,
      requests,
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
 * Plays every call in every arm, interleaved, and measures each one from its tape. When the signal fires, resolves early
 * with the results so far.
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
