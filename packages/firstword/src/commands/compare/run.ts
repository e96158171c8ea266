import {
  type CallOutcome,
  compareReport,
  type PageSection,
  type SpokenCall,
  targetsOf,
} from '@firstword/calls';
import { isFirstwordError, systemClock } from '@firstword/turn';
import type { SpeechEngines } from '../../speech-engines.js';
import { sectionOf } from './html.js';
import type { CompareOptions } from './options.js';
import { type OutputDir, openOutputDir } from './output-dir.js';
import type { ComparePlan, Subject } from './plan.js';
import type { playSubject } from './play.js';
import { type ComparisonProgress, expectedCallMs } from './progress.js';
import { type ComparisonRun, comparisonDir } from './resume.js';
import type { CompareScreen, ComparisonSummary, FailedSetup } from './screen.js';

/** What all comparisons of one command share. */
export interface ComparisonStage {
  compare: CompareOptions;
  plan: ComparePlan;
  run: ComparisonRun;
  speech: SpeechEngines;
  /** Plays one comparison. */
  play: typeof playSubject;
  calls: readonly SpokenCall[];
  screen: CompareScreen;
  progress: ComparisonProgress;
  /** Expected duration of one comparison, ms. */
  eachMs: number;
  signal: AbortSignal;
}

function summaryOf(
  { compare, plan, run }: ComparisonStage,
  { llm }: Subject,
  calls: CallOutcome[],
  stopped: boolean,
): ComparisonSummary {
  const { seed, rounds } = compare;
  const names = plan.arms.map((arm) => arm.name);
  const report = compareReport(names, calls, { seed });
  const speech = plan.speech && { name: plan.speech.name, label: plan.speech.label };
  const targets = targetsOf(llm.name, { ...report, speech });
  return {
    type: 'comparison',
    run: run.id,
    llm,
    ...(speech ? { speech } : {}),
    ...(plan.realtime ? { realtime: plan.realtime } : {}),
    seed,
    rounds,
    stopped,
    ...report,
    targets,
    calls,
  };
}

const keyOf = ({ arm, round, call }: { arm: string; round: number; call: string }) =>
  JSON.stringify([arm, round, call]);

/** Runs one comparison. If it fails or is stopped, the summary contains the calls played so far. */
async function runSubject(
  stage: ComparisonStage,
  subject: Subject,
  outputDir: OutputDir,
): Promise<{ summary: ComparisonSummary | undefined; failure?: unknown }> {
  const { compare, plan, calls, speech, screen, progress, signal } = stage;
  const callOf = (id: string) => calls.find((call) => call.id === id)!;
  const number = plan.subjects.indexOf(subject);
  const setup = plan.subjects.length > 1 ? subject.llm.name : undefined;
  const outcomes = (await stage.run.playedOf(subject.llm.name)).filter(({ call }) => callOf(call));
  const played = new Set(outcomes.map(keyOf));
  let current = { expectedMs: 0, beganMs: 0 };
  const playedMs = outcomes.reduce((sum, { call }) => sum + expectedCallMs(callOf(call)), 0);
  const isWhole = played.size === plan.arms.length * calls.length * compare.rounds;
  let aheadMs = stage.eachMs - playedMs;
  screen.begin(subject.llm, plan);
  if (played.size > 0) screen.step(`Already played: ${played.size} calls`);
  progress.skip(isWhole ? stage.eachMs : playedMs);
  if (isWhole) return { summary: summaryOf(stage, subject, outcomes, false) };
  try {
    await stage.play({
      compare,
      subject,
      arms: plan.arms,
      memories: plan.memories,
      calls,
      engines: speech,
      speech: plan.speech,
      realtime: plan.realtime,
      dir: outputDir.path,
      isPlayed: (planned) => played.has(keyOf(planned)),
      onCall: ({ index, count, ...planned }) => {
        current = { expectedMs: expectedCallMs(callOf(planned.call.id)), beganMs: systemClock.nowMs() };
        const whole = { number: number * count + index + 1, count: plan.subjects.length * count };
        screen.call({ ...planned, ...whole, setup, leftMs: progress.leftMs });
      },
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        aheadMs -= current.expectedMs;
        progress.done(current.expectedMs, systemClock.nowMs() - current.beganMs);
        screen.outcome(outcome);
        // Save after every call, so that a crash loses none of the earlier ones.
        outputDir.savePartial(() => summaryOf(stage, subject, outcomes, true));
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

/** Results of all comparisons of one command. */
export interface ComparisonResults {
  summaries: ComparisonSummary[];
  sections: PageSection[];
  failed: FailedSetup[];
  failures: unknown[];
  files: string[];
}

/** Runs all comparisons one after another. If one fails, its partial results are kept and the next one starts. */
export async function runAll(stage: ComparisonStage): Promise<ComparisonResults> {
  const { compare, plan, screen, signal } = stage;
  const results: ComparisonResults = { summaries: [], sections: [], failed: [], failures: [], files: [] };
  for (const subject of plan.subjects) {
    if (signal.aborted) break;
    const { out } = compare;
    const place = out === undefined ? undefined : comparisonDir(out, plan, subject.llm.name);
    const outputDir = await openOutputDir(place);
    try {
      const { summary, failure } = await runSubject(stage, subject, outputDir);
      if (failure !== undefined) {
        const error = failure instanceof Error ? failure.message : String(failure);
        results.failures.push(failure);
        results.failed.push({ name: subject.llm.name, error });
        if (plan.subjects.length > 1) screen.failed({ name: subject.llm.name, error });
      }
      if (!summary) continue;
      results.summaries.push(summary);
      if (compare.html !== undefined) results.sections.push(await sectionOf(summary, outputDir.path));
      await outputDir.write(summary);
      if (outputDir.isPersistent) results.files.push(`Tapes, records and comparison.json: ${outputDir.path}`);
      screen.tables(summary);
    } finally {
      await outputDir.close();
    }
  }
  return results;
}
