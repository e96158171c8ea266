import type { RecordedCall, SpokenCall } from '@firstword/calls';
import { prewarmCalls } from '@firstword/livekit';
import { openSpeechEngines, type SpeechEngines } from '../../speech-engines.js';
import { stopSignal } from '../../stop-signal.js';
import type { CommandContext } from '../command.js';
import { checkPagePath, sectionOf, writePage } from './html.js';
import { pool, readComparison } from './merge.js';
import type { CompareOptions } from './options.js';
import { openOutputDir } from './output-dir.js';
import { planOf } from './plan.js';
import { playSubject } from './play.js';
import { approximateDuration, ComparisonProgress, expectedCallMs } from './progress.js';
import { openRun, optionsToResume } from './resume.js';
import { type ComparisonStage, runAll } from './run.js';
import { CompareScreen } from './screen.js';

/** Expected duration of one comparison including its warm-up, ms. */
function comparisonMs(
  { compare, plan }: Pick<ComparisonStage, 'compare' | 'plan'>,
  calls: readonly SpokenCall[],
): number {
  const roundMs = calls.reduce((sum, call) => sum + expectedCallMs(call), 0);
  const warmUpMs = compare.warmUp && calls[0] ? expectedCallMs(calls[0]) : 0;
  return plan.arms.length * (compare.rounds * roundMs + warmUpMs);
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
  const outputDir = await openOutputDir(options.out);
  await outputDir.write(pooled);
}

/** Loads what every comparison needs and prints the expected duration. */
async function openStage(
  options: Pick<ComparisonStage, 'compare' | 'plan' | 'run' | 'screen' | 'signal'>,
): Promise<ComparisonStage> {
  const { compare, plan, screen, signal } = options;
  screen.step('Loading speech-to-text, text-to-speech and the end-of-turn model …');
  prewarmCalls();
  const speech = await openSpeechEngines({ signal });
  try {
    screen.step("Synthesizing the callers' lines …");
    const calls = await plan.speak({ signal });
    const eachMs = comparisonMs({ compare, plan }, calls);
    const totalMs = plan.subjects.length * eachMs;
    const lines = calls.reduce((sum, call) => sum + call.lines.length, 0);
    screen.step(
      `Lines: ${lines}, calls: ${calls.length}, agents: ${plan.arms.length}, rounds: ${compare.rounds}${plan.subjects.length > 1 ? `, setups: ${plan.subjects.length}` : ''}: about ${approximateDuration(totalMs)}`,
    );
    return {
      ...options,
      speech,
      calls,
      play: playSubject,
      progress: new ComparisonProgress(totalMs),
      eachMs,
    };
  } catch (error) {
    await speech.close();
    throw error;
  }
}

/** Shows where each turn begins and ends before anything is played, so that a wrong one is seen in time. */
async function showRecordings(
  recordings: readonly RecordedCall[],
  { screen, page }: { screen: CompareScreen; page: string | undefined },
): Promise<void> {
  screen.recordings(recordings);
  if (page === undefined) return;
  await writePage(page, [], recordings);
  screen.step(`Pictures of the turns: ${page}`);
}

/** `firstword compare`. */
export async function compare(given: CompareOptions, { version }: CommandContext): Promise<void> {
  if (given.merge) return mergeRuns(given.merge, given);
  const options = given.resume === undefined ? given : { ...given, ...(await optionsToResume(given.resume)) };
  const signal = stopSignal();
  const screen = new CompareScreen({ json: options.json ?? false });
  let speech: SpeechEngines | undefined;
  try {
    if (options.audio !== undefined) screen.step('Reading the recordings …');
    const plan = await planOf(options, { signal });
    const run = await openRun(options, { plan, version });
    if (options.html !== undefined) await checkPagePath(options.html);
    if (plan.recordings.length > 0) await showRecordings(plan.recordings, { screen, page: options.html });
    const stage = await openStage({ compare: options, plan, run, screen, signal });
    speech = stage.speech;
    const { summaries, sections, failed, failures, files } = await runAll(stage);
    if (options.html !== undefined && sections.length > 0) {
      await writePage(options.html, sections, plan.recordings);
      files.push(`Page: ${options.html}`);
    }
    if (summaries.length > 0) screen.finish(summaries, failed, files);
    if (failures.length > 0) throw failures[0];
  } finally {
    screen.close();
    await speech?.close();
  }
}
