import { plainText, plural } from '@firstword/records';
import type { ArmReport } from '../analyse/arm-report.js';
import { overlapsOf } from '../analyse/overlap.js';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { serverNotes } from './servers.js';
import { IN_FULL, type Naming, ordered } from './tables.js';
import { estimateText, ms, nameOf } from './words.js';

/** Sent less than this late, nobody would notice, ms. */
const TOLD_LATE_MS = 1;

/** One line for all arms of which there is something to say. */
function together(what: string, each: readonly (string | undefined)[]): string[] {
  const told = each.filter((text) => text !== undefined);
  return told.length === 0 ? [] : [`${what}: ${told.join('; ')}`];
}

function spoiledText({ spoiled, response }: ArmReport): string | undefined {
  if (spoiled.count === 0) return undefined;
  const kinds = spoiled.kinds.map(({ kind, count }) => `${kind} ${count}`).join(', ');
  const without = spoiled.without
    ? `, without them p95 is ${estimateText(spoiled.without.p95)} ms instead of ${ms(response?.p95.valueMs)}`
    : '';
  return `${plural(spoiled.count, 'sample')} (${kinds})${without}`;
}

function lateText({ lateP99Ms, ttft }: ArmReport): string | undefined {
  if (lateP99Ms < TOLD_LATE_MS || !ttft) return undefined;
  return `up to ${ms(lateP99Ms)} ms (p99), from the moment of sending p95 is ${ms(ttft.p95.valueMs)} ms`;
}

function driftText({ drift }: ArmReport): string | undefined {
  const third = drift.lastThird;
  if (third?.verdict !== 'slower' && third?.verdict !== 'faster') return undefined;
  return `${third.verdict}, p50 ${ms(third.aMs)} → ${ms(third.bMs)} ms`;
}

/** Shown, so that nobody wonders where they went. */
const warmUpText = ({ warmUp }: ArmReport) => warmUp && `${warmUp.count}, p50 ${ms(warmUp.p50Ms)} ms`;

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

/** Steps of concurrency say what they seem to say only where nothing else is under way. */
function overlapTexts({ plan, arms, samples }: RunFile, { short }: Naming): string[] {
  if (plan.concurrencies.every((concurrency) => concurrency === 1)) return [];
  const what =
    'sent while earlier answers of their target were under way, so that more were answered at once than was meant (a lower --pace keeps them apart)';
  return together(
    what,
    overlapsOf(arms, samples).map(({ armId, count, of }) => `${short(armId)} ${count} of ${of} requests`),
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

/** What has to be known with the figures: to be shown beside them. @param naming as in the tables beside */
export function caveats(run: RunFile, report: BenchReport, naming: Naming = IN_FULL): string[] {
  const givenUp = run.givenUp.map(
    ({ target, kind, message, afterSamples }) =>
      `${plainText(target)} was given up ${afterSamples === 0 ? 'without an answer' : `after ${plural(afterSamples, 'answer')}`} (${plainText(kind)}): ${plainText(message)}`,
  );
  const arms = ordered(report);
  const of = (text: (one: ArmReport) => string | undefined) =>
    arms.map((one) => {
      const told = text(one);
      return told && `${naming.short(one.arm.id)} ${told}`;
    });
  return [
    ...givenUp,
    ...arms.flatMap((one) => failureTexts(one, run.givenUp)),
    ...together('requests to warm up, in no figure', of(warmUpText)),
    ...overlapTexts(run, naming),
    ...together('spoiled by this machine, counted all the same', of(spoiledText)),
    ...together('sent late, which counts', of(lateText)),
    ...together(
      'changed during the run, so that intervals, which take requests for alike, are too narrow',
      of(driftText),
    ),
    ...serverNotes(run.servers),
    ...pricesText(run, report),
    `a caller’s gap is the first clause on top of the other stages; ${report.otherStages}`,
  ];
}
