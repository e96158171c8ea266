import { readFile } from 'node:fs/promises';
import { compareReport, targetsOf } from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { ComparisonSummary } from './screen.js';

/** The fields that pooling relies on. The rest is taken as `firstword compare` wrote it. */
const SummaryShape = z.looseObject({
  type: z.literal('comparison'),
  llm: z.looseObject({ name: z.string() }),
  seed: z.number(),
  rounds: z.number(),
  arms: z.array(z.looseObject({ arm: z.string() })).min(1),
  calls: z.array(z.looseObject({ arm: z.string(), round: z.number(), lines: z.array(z.looseObject({})) })),
});

/**
 * Reads a comparison.json.
 * @throws FirstwordError `bad_input` if the file is not one
 */
export async function readComparison(path: string, options: { signal?: AbortSignal } = {}) {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, { encoding: 'utf8', signal: options.signal }));
    SummaryShape.parse(parsed);
    return parsed as ComparisonSummary;
  } catch (cause) {
    const message = `${path} is not a comparison: use the comparison.json of --out, or the output of --json`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/**
 * Pools several runs into one. Rounds are numbered consecutively over the runs, so that lines are paired only within the
 * same run.
 * @throws FirstwordError `bad_input` if the runs have different LLMs, speech, realtime models or baseline arms
 */
export function pool(runs: readonly ComparisonSummary[]): ComparisonSummary {
  const [first, ...others] = runs;
  if (!first) throw new FirstwordError('bad_input', 'give at least one comparison to merge');
  const isCompatible = ({ llm, speech, realtime, arms }: ComparisonSummary) =>
    llm.name === first.llm.name &&
    speech?.name === first.speech?.name &&
    realtime?.name === first.realtime?.name &&
    arms[0]?.arm === first.arms[0]?.arm;
  if (!others.every(isCompatible)) {
    const message =
      'these runs cannot be pooled: merge only runs with the same LLM, speech, realtime model and first arm';
    throw new FirstwordError('bad_input', message);
  }
  let before = 0;
  const calls = runs.flatMap((run) => {
    const offset = before;
    before += run.rounds;
    return run.calls.map((call) => (call.round === 0 ? call : { ...call, round: call.round + offset }));
  });
  const names = [...new Set(runs.flatMap((run) => run.arms.map(({ arm }) => arm)))];
  const { seed, llm, speech, realtime } = first;
  const stopped = runs.some((run) => run.stopped);
  const report = compareReport(names, calls, { seed });
  const targets = targetsOf(llm.name, { ...report, speech });
  // The tapes stay in their runs' folders, and their paths are relative to those: leave them out.
  const callsWithoutTapes = calls.map(({ tape: _, ...call }) => call);
  return {
    type: 'comparison',
    llm,
    ...(speech ? { speech } : {}),
    ...(realtime ? { realtime } : {}),
    seed,
    rounds: before,
    stopped,
    ...report,
    targets,
    calls: callsWithoutTapes,
  };
}
