import {
  type CallOutcome,
  compareReport,
  type PageSection,
  type SpokenCall,
  targetsOf,
} from '@firstword/calls';
import { isFirstwordError, systemClock } from '@firstword/turn';
import type { VoiceParts } from '../../voice-parts.js';
import { expectedMs, type Progress } from './eta.js';
import { type CompareFolder, openFolder } from './folder.js';
import { sectionOf } from './html.js';
import type { CompareOptions } from './options.js';
import type { ComparePlan, Subject } from './plan.js';
import type { playSubject } from './play.js';
import { placeOf, type Run } from './resume.js';
import type { CompareScreen, ComparisonSummary, FailedSetup } from './screen.js';

/** What all comparisons of one command share. */
export interface Stage {
  compare: CompareOptions;
  plan: ComparePlan;
  run: Run;
  parts: VoiceParts;
  /** Plays one comparison. */
  play: typeof playSubject;
  calls: readonly SpokenCall[];
  screen: CompareScreen;
  progress: Progress;
  /** That one comparison is expected to take. */
  eachMs: number;
  signal: AbortSignal;
}

function summaryOf(
  { compare, plan, run }: Stage,
  { llm }: Subject,
  calls: CallOutcome[],
  stopped: boolean,
): ComparisonSummary {
  const { seed, rounds } = compare;
  const names = plan.arms.map((arm) => arm.name);
  const report = compareReport(names, calls, { seed });
  const targets = targetsOf(llm.name, report);
  return { type: 'comparison', run: run.id, llm, seed, rounds, stopped, ...report, targets, calls };
}

const keyOf = ({ arm, round, call }: { arm: string; round: number; call: string }) =>
  JSON.stringify([arm, round, call]);

/** One comparison. What was played is reported and kept also where it failed or was stopped. */
async function runSubject(
  stage: Stage,
  subject: Subject,
  folder: CompareFolder,
): Promise<{ summary: ComparisonSummary | undefined; failure?: unknown }> {
  const { compare, plan, calls, parts, screen, progress, signal } = stage;
  const callOf = (id: string) => calls.find((call) => call.id === id)!;
  const number = plan.subjects.indexOf(subject);
  const setup = plan.subjects.length > 1 ? subject.llm.name : undefined;
  const outcomes = (await stage.run.playedOf(subject.llm.name)).filter(({ call }) => callOf(call));
  const played = new Set(outcomes.map(keyOf));
  let current = { expectedMs: 0, beganMs: 0 };
  const playedMs = outcomes.reduce((sum, { call }) => sum + expectedMs(callOf(call)), 0);
  const isWhole = played.size === plan.arms.length * calls.length * compare.rounds;
  let aheadMs = stage.eachMs - playedMs;
  screen.begin(subject.llm, plan.arms);
  if (played.size > 0) screen.step(`Played before: ${played.size} calls`);
  progress.skip(isWhole ? stage.eachMs : playedMs);
  if (isWhole) return { summary: summaryOf(stage, subject, outcomes, false) };
  try {
    await stage.play({
      compare,
      subject,
      arms: plan.arms,
      memories: plan.memories,
      calls,
      parts,
      dir: folder.path,
      isPlayed: (planned) => played.has(keyOf(planned)),
      onCall: ({ index, count, ...planned }) => {
        current = { expectedMs: expectedMs(callOf(planned.call.id)), beganMs: systemClock.nowMs() };
        const whole = { number: number * count + index + 1, count: plan.subjects.length * count };
        screen.call({ ...planned, ...whole, setup, leftMs: progress.leftMs });
      },
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        aheadMs -= current.expectedMs;
        progress.done(current.expectedMs, systemClock.nowMs() - current.beganMs);
        screen.outcome(outcome);
        // Whatever ends this process, what was measured until now is kept.
        folder.keep(() => summaryOf(stage, subject, outcomes, true));
      },
      signal,
    });
  } catch (failure) {
    if (!signal.aborted || !isFirstwordError(failure, 'aborted')) {
      progress.skip(aheadMs);
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
export interface Results {
  summaries: ComparisonSummary[];
  sections: PageSection[];
  failed: FailedSetup[];
  failures: unknown[];
  files: string[];
}

/** All comparisons, one after another. One that fails is named, with what was played of it, and the next one is tried. */
export async function runAll(stage: Stage): Promise<Results> {
  const { compare, plan, screen, signal } = stage;
  const results: Results = { summaries: [], sections: [], failed: [], failures: [], files: [] };
  for (const subject of plan.subjects) {
    if (signal.aborted) break;
    const { out } = compare;
    const place = out === undefined ? undefined : placeOf(out, plan, subject.llm.name);
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
