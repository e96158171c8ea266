import { plainText, plural } from '@firstword/measure';
import type { ArmReport } from '../analyse/arm-report.js';
import { overlapsOf } from '../analyse/overlap.js';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { serverNotes } from './servers.js';
import { estimateText, ms, nameOf } from './words.js';

/** Sent less than this late, nobody would notice, ms. */
const TOLD_LATE_MS = 1;

function spoiledText(one: ArmReport): string[] {
  const { spoiled, response } = one;
  if (spoiled.count === 0) return [];
  const kinds = spoiled.kinds.map(({ kind, count }) => `${kind} ${count}`).join(', ');
  const without = spoiled.without
    ? `; without them p95 is ${estimateText(spoiled.without.p95)} ms instead of ${ms(response?.p95.valueMs)}`
    : '';
  const what = `${plural(spoiled.count, 'sample')} spoiled by this machine (${kinds})`;
  return [`${nameOf(one)}: ${what}, counted all the same${without}`];
}

function lateText(one: ArmReport): string[] {
  const { lateP99Ms, ttft } = one;
  if (lateP99Ms < TOLD_LATE_MS || !ttft) return [];
  return [
    `${nameOf(one)}: sent up to ${ms(lateP99Ms)} ms late (p99), which counts; from the moment of sending, p95 is ${ms(ttft.p95.valueMs)} ms`,
  ];
}

function driftText(one: ArmReport): string[] {
  const third = one.drift.lastThird;
  if (third?.verdict !== 'slower' && third?.verdict !== 'faster') return [];
  return [
    `${nameOf(one)}: grew ${third.verdict} during the run, p50 ${ms(third.aMs)} → ${ms(third.bMs)} ms from its first to its last third; its intervals take requests for alike and are too narrow`,
  ];
}

/** What went wrong, in words, unless its target was given up for just that. */
function failureTexts(one: ArmReport, givenUp: RunFile['givenUp']): string[] {
  const told = givenUp.filter(({ target }) => target === one.arm.target).map(({ message }) => message);
  return (one.failures?.kinds ?? [])
    .filter(({ message }) => !told.some((text) => text.includes(message)))
    .map(
      ({ kind, count, message }) =>
        `${nameOf(one)}: ${plainText(kind)} ${count}${count > 1 ? ', such as' : ''}: ${plainText(message)}`,
    );
}

/** Shown, so that nobody wonders where they went; in no figure. */
function warmUpText(one: ArmReport): string[] {
  const { warmUp } = one;
  if (!warmUp) return [];
  return [`${nameOf(one)} ${warmUp.count}, p50 ${ms(warmUp.p50Ms)} ms`];
}

/** Steps of concurrency say what they seem to say only where nothing else is under way. */
function overlapTexts({ plan, arms, samples }: RunFile): string[] {
  if (plan.concurrencies.every((concurrency) => concurrency === 1)) return [];
  return overlapsOf(arms, samples).map(
    ({ armId, count, of }) =>
      `${plainText(armId)}: ${count} of ${of} requests were sent while earlier answers of this target were under way, so that more were answered at once than its name says; a lower --pace keeps them apart`,
  );
}

/** Servers of one's own and emulated ones cost nothing: no price was looked up for them. */
function pricesText(run: RunFile, { arms }: BenchReport): string[] {
  if (!arms.some(({ cost }) => cost && cost.perThousandUsd > 0)) return [];
  const file = run.prices.file === undefined ? '' : `, ${plainText(run.prices.file)}`;
  return [
    `prices of ${run.prices.date}${file}${arms.every(({ cost }) => cost) ? '' : '; not known for every arm'}`,
  ];
}

/** What has to be known with the figures: to be shown beside them. */
export function caveats(run: RunFile, report: BenchReport): string[] {
  const givenUp = run.givenUp.map(
    ({ target, kind, message, afterSamples }) =>
      `${plainText(target)} was given up ${afterSamples === 0 ? 'without an answer' : `after ${plural(afterSamples, 'answer')}`} (${plainText(kind)}): ${plainText(message)}`,
  );
  const warmUps = report.arms.flatMap(warmUpText);
  return [
    ...givenUp,
    ...report.arms.flatMap((one) => failureTexts(one, run.givenUp)),
    ...(warmUps.length > 0 ? [`requests to warm up, in no figure: ${warmUps.join('; ')}`] : []),
    ...overlapTexts(run),
    ...report.arms.flatMap((one) => [...spoiledText(one), ...lateText(one), ...driftText(one)]),
    ...serverNotes(run.servers),
    ...pricesText(run, report),
    `a caller’s gap is the first clause on top of the other stages; ${report.otherStages}`,
  ];
}
