import type { SpokenCall } from '@firstword/calls';
import { prewarmCalls } from '@firstword/livekit';
import { isFirstwordError } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { openVoiceParts, type VoiceParts } from '../../voice-parts.js';
import type { CommandContext } from '../command.js';
import { expectedMs, Progress, roughly } from './eta.js';
import { openFolder } from './folder.js';
import { checkPagePath, sectionOf, writePage } from './html.js';
import { pool, readComparison } from './merge.js';
import type { CompareOptions } from './options.js';
import { planOf } from './plan.js';
import { playSubject } from './play.js';
import { openRun, optionsToResume } from './resume.js';
import { runAll, type Stage } from './run.js';
import { CompareScreen } from './screen.js';

/** Expected ms of one comparison, its warm-up included. */
function comparisonMs(
  { compare, plan }: Pick<Stage, 'compare' | 'plan'>,
  calls: readonly SpokenCall[],
): number {
  const roundMs = calls.reduce((sum, call) => sum + expectedMs(call), 0);
  const warmUpMs = compare.warmUp && calls[0] ? expectedMs(calls[0]) : 0;
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
  const folder = await openFolder(options.out);
  await folder.write(pooled);
}

/** Loads what every comparison needs, and says how long it will all take. */
async function openStage(
  options: Pick<Stage, 'compare' | 'plan' | 'run' | 'screen' | 'signal'>,
): Promise<Stage> {
  const { compare, plan, screen, signal } = options;
  screen.step('Loading the ears, the voice and the end-of-turn model …');
  prewarmCalls();
  const parts = await openVoiceParts({ signal });
  try {
    screen.step("Speaking the callers' lines …");
    const calls = await plan.speak({ signal });
    const eachMs = comparisonMs({ compare, plan }, calls);
    const totalMs = plan.subjects.length * eachMs;
    const lines = calls.reduce((sum, call) => sum + call.lines.length, 0);
    screen.step(
      `Lines: ${lines}, calls: ${calls.length}, agents: ${plan.arms.length}, rounds: ${compare.rounds}${plan.subjects.length > 1 ? `, set-ups: ${plan.subjects.length}` : ''}: about ${roughly(totalMs)}`,
    );
    return { ...options, parts, calls, play: playSubject, progress: new Progress(totalMs), eachMs };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** `firstword compare`. */
export async function compare(given: CompareOptions, { version }: CommandContext): Promise<void> {
  if (given.merge) return mergeRuns(given.merge, given);
  const options = given.resume === undefined ? given : { ...given, ...(await optionsToResume(given.resume)) };
  const plan = await planOf(options);
  const run = await openRun(options, { plan, version });
  if (options.html !== undefined) await checkPagePath(options.html);
  const signal = stopSignal();
  const screen = new CompareScreen({ json: options.json ?? false });
  let parts: VoiceParts | undefined;
  try {
    const stage = await openStage({ compare: options, plan, run, screen, signal });
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
