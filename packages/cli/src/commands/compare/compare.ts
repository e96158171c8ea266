import { join } from 'node:path';
import {
  type CallOutcome,
  compareReport,
  type PageSection,
  type SpokenCall,
  targetsOf,
} from '@firstword/bench';
import { prepareCalls } from '@firstword/livekit';
import { isFirstwordError, systemClock } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { openVoiceParts, type VoiceParts } from '../../voice-parts.js';
import type { CompareOptions } from './define.js';
import { expectedMs, Progress, roughly } from './eta.js';
import { type CompareFolder, openFolder } from './folder.js';
import { checkPagePath, sectionOf, writePage } from './html.js';
import { pool, readComparison } from './merge.js';
import { type ComparePlan, planOf, type Subject } from './plan.js';
import { playSubject } from './play.js';
import { CompareScreen, type ComparisonSummary, type FailedSetup } from './screen.js';

/** What all comparisons of one command share. */
interface Stage {
  compare: CompareOptions;
  plan: ComparePlan;
  parts: VoiceParts;
  calls: readonly SpokenCall[];
  screen: CompareScreen;
  progress: Progress;
  signal: AbortSignal;
}

/** Expected ms of one comparison, its warm-up included. */
function comparisonMs(
  { compare, plan }: Pick<Stage, 'compare' | 'plan'>,
  calls: readonly SpokenCall[],
): number {
  const roundMs = calls.reduce((sum, call) => sum + expectedMs(call), 0);
  const warmUpMs = compare.warmUp && calls[0] ? expectedMs(calls[0]) : 0;
  return plan.arms.length * (compare.rounds * roundMs + warmUpMs);
}

function summaryOf(
  { compare, plan }: Stage,
  { llm }: Subject,
  calls: CallOutcome[],
  stopped: boolean,
): ComparisonSummary {
  const { seed, rounds } = compare;
  const names = plan.arms.map((arm) => arm.name);
  const report = compareReport(names, calls, { seed });
  const targets = targetsOf(llm.name, report);
  return { type: 'comparison', llm, seed, rounds, stopped, ...report, targets, calls };
}

/** One comparison. What was played is reported and kept also where it failed or was stopped. */
async function runSubject(
  stage: Stage,
  subject: Subject,
  folder: CompareFolder,
): Promise<{ summary: ComparisonSummary | undefined; failure?: unknown }> {
  const { compare, plan, calls, parts, screen, progress, signal } = stage;
  const number = plan.subjects.indexOf(subject);
  const setup = plan.subjects.length > 1 ? subject.llm.name : undefined;
  const outcomes: CallOutcome[] = [];
  let current = { expectedMs: 0, beganMs: 0 };
  screen.begin(subject.llm, plan.arms);
  try {
    await playSubject({
      compare,
      subject,
      arms: plan.arms,
      calls,
      parts,
      dir: folder.path,
      onCall: ({ index, count, ...planned }) => {
        const call = calls.find(({ id }) => id === planned.call.id)!;
        current = { expectedMs: expectedMs(call), beganMs: systemClock.nowMs() };
        const whole = { number: number * count + index + 1, count: plan.subjects.length * count };
        screen.call({ ...planned, ...whole, setup, leftMs: progress.leftMs });
      },
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        progress.done(current.expectedMs, systemClock.nowMs() - current.beganMs);
        screen.outcome(outcome);
        // Whatever ends this process, what was measured until now is kept.
        folder.keep(() => summaryOf(stage, subject, outcomes, true));
      },
      signal,
    });
  } catch (failure) {
    if (!signal.aborted || !isFirstwordError(failure, 'aborted')) {
      return {
        summary: outcomes.length > 0 ? summaryOf(stage, subject, outcomes, true) : undefined,
        failure,
      };
    }
  }
  const summary = outcomes.length > 0 ? summaryOf(stage, subject, outcomes, signal.aborted) : undefined;
  return { summary };
}

/** What came of all comparisons. */
interface Results {
  summaries: ComparisonSummary[];
  sections: PageSection[];
  failed: FailedSetup[];
  failures: unknown[];
  files: string[];
}

async function runAll(stage: Stage): Promise<Results> {
  const { compare, plan, screen, signal } = stage;
  const results: Results = { summaries: [], sections: [], failed: [], failures: [], files: [] };
  for (const subject of plan.subjects) {
    if (signal.aborted) break;
    const { out } = compare;
    const place = out !== undefined && plan.subjects.length > 1 ? join(out, subject.llm.name) : out;
    const folder = await openFolder(place);
    try {
      const { summary, failure } = await runSubject(stage, subject, folder);
      if (failure !== undefined) {
        const error = failure instanceof Error ? failure.message : String(failure);
        results.failures.push(failure);
        results.failed.push({ name: subject.llm.name, error });
        if (plan.subjects.length > 1) screen.failed({ name: subject.llm.name, error });
      }
      if (!summary) continue;
      results.summaries.push(summary);
      if (compare.html !== undefined) results.sections.push(await sectionOf(summary, folder.path));
      await folder.write(summary);
      if (folder.kept) results.files.push(`Tapes, records and comparison.json: ${folder.path}`);
      screen.tables(summary);
    } finally {
      await folder.close();
    }
  }
  return results;
}

async function mergeRuns(files: readonly string[], options: CompareOptions): Promise<void> {
  const signal = stopSignal();
  const pooled = pool(await Promise.all(files.map((file) => readComparison(file, { signal }))));
  const screen = new CompareScreen({ json: options.json ?? false });
  screen.tables(pooled);
  const written: string[] = [];
  if (options.html !== undefined) {
    await checkPagePath(options.html);
    await writePage(options.html, [await sectionOf(pooled)]);
    written.push(`Page: ${options.html}`);
  }
  screen.finish([pooled], [], written);
  if (options.out === undefined) return;
  const folder = await openFolder(options.out);
  await folder.write(pooled);
}

/** Loads what every comparison needs, and says how long it will all take. */
async function openStage(options: Pick<Stage, 'compare' | 'plan' | 'screen' | 'signal'>): Promise<Stage> {
  const { compare, plan, screen, signal } = options;
  screen.step('Loading the ears, the voice and the end-of-turn model …');
  prepareCalls();
  const parts = await openVoiceParts({ signal });
  try {
    screen.step("Speaking the callers' lines …");
    const calls = await plan.speak({ signal });
    const totalMs = plan.subjects.length * comparisonMs({ compare, plan }, calls);
    const lines = calls.reduce((sum, call) => sum + call.lines.length, 0);
    screen.step(
      `${lines} lines in ${calls.length} calls, ${plan.arms.length} agents, rounds: ${compare.rounds}${plan.subjects.length > 1 ? `, ${plan.subjects.length} set-ups` : ''}: about ${roughly(totalMs)}`,
    );
    return { ...options, parts, calls, progress: new Progress(totalMs) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** `firstword compare`. */
export async function compare(options: CompareOptions): Promise<void> {
  if (options.merge) return mergeRuns(options.merge, options);
  const plan = await planOf(options);
  if (options.html !== undefined) await checkPagePath(options.html);
  const signal = stopSignal();
  const screen = new CompareScreen({ json: options.json ?? false });
  let parts: VoiceParts | undefined;
  try {
    const stage = await openStage({ compare: options, plan, screen, signal });
    parts = stage.parts;
    const { summaries, sections, failed, failures, files } = await runAll(stage);
    if (options.html !== undefined && sections.length > 0) {
      await writePage(options.html, sections);
      files.push(`Page: ${options.html}`);
    }
    if (summaries.length > 0) screen.finish(summaries, failed, files);
    if (failures.length > 0) throw failures[0];
  } catch (error) {
    if (!signal.aborted || !isFirstwordError(error, 'aborted')) throw error;
  } finally {
    screen.close();
    await parts?.close();
  }
  if (signal.aborted) process.exitCode = 130;
}
