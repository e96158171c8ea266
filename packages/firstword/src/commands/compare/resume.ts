import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Arm, CallOutcome } from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { CompareOptions } from './options.js';
import type { ComparePlan } from './plan.js';
import type { ComparisonSummary } from './screen.js';

/** What decides which calls are played, to whom, in which order: what goes on must be the same in all of it. */
const Asked = z.object({
  arms: z.string(),
  calls: z.string().optional(),
  audio: z.string().optional(),
  rounds: z.number(),
  profile: z.string().optional(),
  setup: z.string().optional(),
  warmUp: z.boolean(),
  seed: z.number(),
  transcripts: z.boolean().optional(),
  /** Firstword's own: another one may have other calls, or other levers. */
  version: z.string(),
});
type Asked = z.infer<typeof Asked>;

const Kept = z.object({
  type: z.literal('comparison-plan'),
  /** Apart from other runs into the same folder. */
  run: z.string(),
  asked: Asked,
});

/** A run of comparisons, new or gone on with. */
export interface Run {
  id: string;
  /** Calls of one comparison that have been played, in the run that goes on. */
  playedOf(setup: string): Promise<CallOutcome[]>;
}

const PLAN = 'plan.json';
const refuse = (message: string, cause?: unknown) => new FirstwordError('bad_input', message, { cause });

function askedOf(options: CompareOptions, version: string): Asked {
  const { audio } = options;
  return Asked.parse({ ...options, version, ...(audio === undefined ? {} : { audio: resolve(audio) }) });
}

async function readPlan(dir: string): Promise<z.infer<typeof Kept> | undefined> {
  const path = join(dir, PLAN);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refuse(`${path} cannot be read: check that you may read it`, cause);
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch (cause) {
    throw refuse(`${path} is damaged: choose another folder with --out, or remove this one`, cause);
  }
}

/** Where a comparison of a run lies. */
export function placeOf(out: string, plan: ComparePlan, setup: string): string {
  return plan.subjects.length > 1 ? join(out, setup) : out;
}

/** The comparison of this run that was written to a folder; `undefined` for none, or another run's. */
async function writtenBy(run: string, dir: string): Promise<ComparisonSummary | undefined> {
  try {
    const summary = JSON.parse(await readFile(join(dir, 'comparison.json'), 'utf8')) as ComparisonSummary;
    return summary.run === run ? summary : undefined;
  } catch {
    return undefined;
  }
}

/** Calls that every arm was given to the end: of the others no arm keeps its half. */
export function whole(calls: readonly CallOutcome[], arms: readonly Pick<Arm, 'name'>[]): CallOutcome[] {
  const played = calls.filter(({ round, stopped }) => round > 0 && !stopped);
  const isThere = (call: CallOutcome, name: string) =>
    played.some((other) => other.arm === name && other.round === call.round && other.call === call.call);
  return played.filter((call) => arms.every(({ name }) => isThere(call, name)));
}

const elsewhere = (out: string, other: string) =>
  `another comparison was stopped in ${out} (${other}). ` +
  `Go on with it by --resume ${out}, choose another folder, or remove this one.`;

/** What is other than it was, in the words of the command line. */
function difference(before: Asked, now: Asked): string {
  const names = Object.keys(Asked.shape) as (keyof Asked)[];
  const told = (value: unknown) => (value === undefined ? 'not given' : String(value));
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name}: there ${told(before[name])}, here ${told(now[name])}`)
    .join('; ');
}

/**
 * The options of the comparison that was stopped in a folder.
 * @throws FirstwordError `bad_input` where there is none
 */
export async function optionsToResume(dir: string): Promise<Partial<CompareOptions>> {
  const plan = await readPlan(dir);
  if (!plan) throw refuse(`${dir} holds no comparison that could go on: give the folder of its --out`);
  const { version: _, ...asked } = plan.asked;
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), out: dir };
}

/**
 * Begins a run in its folder, or goes on with the one that was stopped there.
 * @throws FirstwordError `bad_input` where another one was stopped there, `unwritable`
 */
export async function openRun(
  options: CompareOptions,
  { plan, version }: { plan: ComparePlan; version: string },
): Promise<Run> {
  const { out } = options;
  const fresh: Run = { id: randomUUID(), playedOf: async () => [] };
  if (out === undefined) return fresh;
  const asked = askedOf(options, version);
  const kept = await readPlan(out);
  const places = plan.subjects.map(({ llm }) => placeOf(out, plan, llm.name));
  const written = kept ? await Promise.all(places.map((place) => writtenBy(kept.run, place))) : [];
  const isComplete = written.length > 0 && written.every((summary) => summary && !summary.stopped);
  if (isComplete && options.resume !== undefined) {
    throw refuse(`the comparison in ${out} is complete: there is nothing to go on with`);
  }
  if (kept && !isComplete && written.some((summary) => summary)) {
    const other = difference(kept.asked, asked);
    if (other) throw refuse(elsewhere(out, other));
    const playedOf = async (setup: string) =>
      whole((await writtenBy(kept.run, placeOf(out, plan, setup)))?.calls ?? [], plan.arms);
    return { id: kept.run, playedOf };
  }
  await writePlan(out, { type: 'comparison-plan', run: fresh.id, asked });
  return fresh;
}

async function writePlan(dir: string, plan: z.infer<typeof Kept>): Promise<void> {
  const path = join(dir, PLAN);
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(`${path}.part`, `${JSON.stringify(plan, null, 2)}\n`);
    await rename(`${path}.part`, path);
  } catch (cause) {
    const message = `the comparison cannot be kept in ${dir}: choose a folder that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
