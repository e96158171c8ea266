import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Arm, CallOutcome } from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { CompareOptions } from './options.js';
import type { ComparePlan } from './plan.js';
import type { ComparisonSummary } from './screen.js';

/** Options that determine the calls and their order. A comparison can be continued only with the same values. */
const PlanOptions = z.object({
  arms: z.string(),
  calls: z.string().optional(),
  audio: z.string().optional(),
  rounds: z.number(),
  profile: z.string().optional(),
  setup: z.string().optional(),
  speech: z.string().optional(),
  realtime: z.string().optional(),
  warmUp: z.boolean(),
  seed: z.number(),
  transcripts: z.boolean().optional(),
  /** Version of Firstword: another version may have other calls or levers. */
  version: z.string(),
});
type PlanOptions = z.infer<typeof PlanOptions>;

const SavedPlan = z.object({
  type: z.literal('comparison-plan'),
  /** Id of the run, to tell it from other runs in the same folder. */
  run: z.string(),
  options: PlanOptions,
});

/** A run of comparisons, new or continued. */
export interface ComparisonRun {
  id: string;
  /** Calls of one comparison that were already played; empty for a new run. */
  playedOf(setup: string): Promise<CallOutcome[]>;
}

const PLAN = 'plan.json';
const refuse = (message: string, cause?: unknown) => new FirstwordError('bad_input', message, { cause });

function planOptionsOf(options: CompareOptions, version: string): PlanOptions {
  const { audio } = options;
  return PlanOptions.parse({
    ...options,
    version,
    ...(audio === undefined ? {} : { audio: resolve(audio) }),
  });
}

async function readPlan(dir: string): Promise<z.infer<typeof SavedPlan> | undefined> {
  const path = join(dir, PLAN);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refuse(`${path} cannot be read: check its permissions`, cause);
  }
  try {
    return SavedPlan.parse(JSON.parse(text));
  } catch (cause) {
    throw refuse(`${path} is damaged: choose another folder with --out, or remove this one`, cause);
  }
}

/** Folder of one comparison within `--out`: a subfolder per setup if there are several. */
export function comparisonDir(out: string, plan: ComparePlan, setup: string): string {
  return plan.subjects.length > 1 ? join(out, setup) : out;
}

/** The summary of this run in a folder; `undefined` if there is none or it belongs to another run. */
async function readSummaryOf(run: string, dir: string): Promise<ComparisonSummary | undefined> {
  try {
    const summary = JSON.parse(await readFile(join(dir, 'comparison.json'), 'utf8')) as ComparisonSummary;
    return summary.run === run ? summary : undefined;
  } catch {
    return undefined;
  }
}

/** Calls that every arm has completed. A call that an arm is missing is dropped for all arms, because lines are paired. */
export function completeCalls(
  calls: readonly CallOutcome[],
  arms: readonly Pick<Arm, 'name'>[],
): CallOutcome[] {
  const played = calls.filter(({ round, stopped }) => round > 0 && !stopped);
  const hasCall = (call: CallOutcome, name: string) =>
    played.some((other) => other.arm === name && other.round === call.round && other.call === call.call);
  return played.filter((call) => arms.every(({ name }) => hasCall(call, name)));
}

const otherComparisonMessage = (out: string, other: string) =>
  `another comparison was stopped in ${out} (${other}). ` +
  `Continue it with --resume ${out}, choose another folder, or remove this one.`;

/** The options that differ, with both values. */
function differencesOf(before: PlanOptions, now: PlanOptions): string {
  const names = Object.keys(PlanOptions.shape) as (keyof PlanOptions)[];
  const show = (value: unknown) => (value === undefined ? 'not given' : String(value));
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name}: there ${show(before[name])}, here ${show(now[name])}`)
    .join('; ');
}

/**
 * Options of the comparison that was stopped in a folder.
 * @throws FirstwordError `bad_input` if there is none
 */
export async function optionsToResume(dir: string): Promise<Partial<CompareOptions>> {
  const plan = await readPlan(dir);
  if (!plan) throw refuse(`${dir} contains no comparison to continue: give the folder that was its --out`);
  const { version: _, ...asked } = plan.options;
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), out: dir };
}

/**
 * Starts a run in its folder, or continues the one that was stopped there.
 * @throws FirstwordError `bad_input` if a different comparison was stopped there; `unwritable`
 */
export async function openRun(
  options: CompareOptions,
  { plan, version }: { plan: ComparePlan; version: string },
): Promise<ComparisonRun> {
  const { out } = options;
  const fresh: ComparisonRun = { id: randomUUID(), playedOf: async () => [] };
  if (out === undefined) return fresh;
  const asked = planOptionsOf(options, version);
  const kept = await readPlan(out);
  const places = plan.subjects.map(({ llm }) => comparisonDir(out, plan, llm.name));
  const written = kept ? await Promise.all(places.map((place) => readSummaryOf(kept.run, place))) : [];
  const isComplete = written.length > 0 && written.every((summary) => summary && !summary.stopped);
  if (isComplete && options.resume !== undefined) {
    throw refuse(`the comparison in ${out} is complete: there is nothing to continue`);
  }
  if (kept && !isComplete && written.some((summary) => summary)) {
    const other = differencesOf(kept.options, asked);
    if (other) throw refuse(otherComparisonMessage(out, other));
    const playedOf = async (setup: string) =>
      completeCalls((await readSummaryOf(kept.run, comparisonDir(out, plan, setup)))?.calls ?? [], plan.arms);
    return { id: kept.run, playedOf };
  }
  await writePlan(out, { type: 'comparison-plan', run: fresh.id, options: asked });
  return fresh;
}

async function writePlan(dir: string, plan: z.infer<typeof SavedPlan>): Promise<void> {
  const path = join(dir, PLAN);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.part`, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.part`, path);
  } catch (cause) {
    const message = `the comparison cannot be written to ${dir}: choose a folder that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
