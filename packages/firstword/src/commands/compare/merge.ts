import { readFile } from 'node:fs/promises';
import { compareReport, targetsOf } from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { ComparisonSummary } from './screen.js';

/** What pooling relies on; the rest of a call is as `firstword compare` wrote it. */
const Kept = z.looseObject({
  type: z.literal('comparison'),
  llm: z.looseObject({ name: z.string() }),
  seed: z.number(),
  rounds: z.number(),
  arms: z.array(z.looseObject({ arm: z.string() })).min(1),
  calls: z.array(z.looseObject({ arm: z.string(), round: z.number(), lines: z.array(z.looseObject({})) })),
});

/** @throws FirstwordError `bad_input` */
export async function readComparison(path: string, options: { signal?: AbortSignal } = {}) {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, { encoding: 'utf8', signal: options.signal }));
    Kept.parse(parsed);
    return parsed as ComparisonSummary;
  } catch (cause) {
    const message = `${path} holds no comparison: give the comparison.json of --out, or what --json printed`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/**
 * Pools several runs into one. Rounds are numbered on from run to run, so that lines pair up only within their own.
 * @throws FirstwordError `bad_input` where the runs had other LLMs, or measured against other arms
 */
export function pool(runs: readonly ComparisonSummary[]): ComparisonSummary {
  const [first, ...others] = runs;
  if (!first) throw new FirstwordError('bad_input', 'give at least one comparison to merge');
  const alike = ({ llm, arms }: ComparisonSummary) =>
    llm.name === first.llm.name && arms[0]?.arm === first.arms[0]?.arm;
  if (!others.every(alike)) {
    const message =
      'these runs cannot be pooled: merge only runs of the same LLM whose first arm is the same';
    throw new FirstwordError('bad_input', message);
  }
  let before = 0;
  const calls = runs.flatMap((run) => {
    const offset = before;
    before += run.rounds;
    return run.calls.map((call) => (call.round === 0 ? call : { ...call, round: call.round + offset }));
  });
  const names = [...new Set(runs.flatMap((run) => run.arms.map(({ arm }) => arm)))];
  const { seed, llm } = first;
  const stopped = runs.some((run) => run.stopped);
  const report = compareReport(names, calls, { seed });
  const targets = targetsOf(llm.name, report);
  // Tapes are where their runs put them: the pool has none.
  const untaped = calls.map(({ tape: _, ...call }) => call);
  return { type: 'comparison', llm, seed, rounds: before, stopped, ...report, targets, calls: untaped };
}
