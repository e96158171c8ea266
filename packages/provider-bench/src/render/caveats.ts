import { plainText, plural } from '@firstword/records';
import type { BenchArmReport } from '../analyse/arm-report.js';
import { overlapsOf } from '../analyse/overlap.js';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { estimateText, ms, nameOf } from './format.js';
import { serverNotes } from './servers.js';
import { type ArmNames, FULL_NAMES, fastestFirst } from './tables.js';

/** Send delays (p99) below this are not reported, ms. */
const REPORTED_LATE_MS = 1;

/** Joins the notes of all arms into one line; an empty list where no arm has one. */
function joinedLine(what: string, each: readonly (string | undefined)[]): string[] {
  const present = each.filter((text) => text !== undefined);
  return present.length === 0 ? [] : [`${what}: ${present.join('; ')}`];
}

function contaminatedNote({ contaminated, response }: BenchArmReport): string | undefined {
  if (contaminated.count === 0) return undefined;
  const kinds = contaminated.kinds.map(({ kind, count }) => `${kind} ${count}`).join(', ');
  const without = contaminated.without
    ? `; without them p95 is ${estimateText(contaminated.without.p95)} ms instead of ${ms(response?.p95.valueMs)}`
    : '';
  return `${plural(contaminated.count, 'sample')} (${kinds})${without}`;
}

function lateText({ lateP99Ms, ttft }: BenchArmReport): string | undefined {
  if (lateP99Ms < REPORTED_LATE_MS || !ttft) return undefined;
  return `p99 ${ms(lateP99Ms)} ms late; measured from the actual send time, p95 is ${ms(ttft.p95.valueMs)} ms`;
}

function driftText({ drift }: BenchArmReport): string | undefined {
  const third = drift.lastThird;
  if (third?.verdict !== 'slower' && third?.verdict !== 'faster') return undefined;
  return `${third.verdict}, p50 ${ms(third.aMs)} → ${ms(third.bMs)} ms`;
}

/** Warm-up requests are in no table, so their count and median are listed here. */
const warmUpText = ({ warmUp }: BenchArmReport) => warmUp && `${warmUp.count}, p50 ${ms(warmUp.p50Ms)} ms`;

/** One line per kind of failure of an arm. Skips failures that the note on an abandoned target already quotes. */
function failureTexts(one: BenchArmReport, abandoned: RunFile['abandoned']): string[] {
  const quoted = abandoned.filter(({ target }) => target === one.arm.target).map(({ message }) => message);
  return (one.failures?.kinds ?? [])
    .filter(({ message }) => !quoted.some((text) => text.includes(message)))
    .map(
      ({ kind, count, message }) =>
        `${nameOf(one)}: ${plainText(kind)} ${count}${count > 1 ? ', such as' : ''}: ${plainText(message)}`,
    );
}

/** A concurrency step is only valid while no other request to its target is in flight, so overlaps are reported. */
function overlapTexts({ plan, arms, samples }: RunFile, { short }: ArmNames): string[] {
  if (plan.concurrencies.every((concurrency) => concurrency === 1)) return [];
  const what =
    'requests sent while earlier requests to the same target were still in flight, so actual concurrency was higher than planned (lower --pace to separate them)';
  return joinedLine(
    what,
    overlapsOf(arms, samples).map(({ armId, count, of }) => `${short(armId)} ${count} of ${of} requests`),
  );
}

/** The date and source of the prices. Left out where every arm is free: self-hosted and emulated targets have no price. */
function pricesText(run: RunFile, { arms }: BenchReport): string[] {
  if (!arms.some(({ cost }) => cost && cost.perThousandUsd > 0)) return [];
  const file = run.prices.file === undefined ? '' : `, ${plainText(run.prices.file)}`;
  return [
    `prices as of ${run.prices.date}${file}${arms.every(({ cost }) => cost) ? '' : '; not known for every arm'}`,
  ];
}

const feltNote = ({ otherStages }: BenchReport) =>
  `felt gap = time to first clause + the other stages of the turn; ${otherStages}`;

function speechNotes(
  { arms }: RunFile,
  { audioFile, lineMs }: NonNullable<RunFile['plan']['speech']>,
): string[] {
  const has = (kind: BenchArm['kind']) => arms.some((arm) => arm.kind === kind);
  const what = audioFile === undefined ? 'synthesized' : plainText(audioFile);
  return [
    `the caller's line is ${what}, ${(lineMs / 1000).toFixed(1)} s, played at its pace${has('stt') ? '; a final transcript is timed from its last sample' : ''}`,
    ...(has('tts') || has('realtime')
      ? ['the first audible sample includes leading silence, as if the audio were played as it comes']
      : []),
    ...(has('realtime')
      ? [
          'a realtime model gets a session of its own for each line and is timed from the last sample of the line, the wait for the end of the turn included; its session is closed at the first audible sample',
        ]
      : []),
    'all through the classes of LiveKit Agents, as in an agent, without retries',
  ];
}

/**
 * Notes that a reader needs to interpret the figures of a run: failures, warm-ups, contaminated and late samples,
 * drift, server metrics, prices.
 * @param naming names of the arms, as in the tables shown with the notes
 */
export function caveats(run: RunFile, report: BenchReport, naming: ArmNames = FULL_NAMES): string[] {
  const abandoned = run.abandoned.map(
    ({ target, kind, message, afterSamples }) =>
      `${plainText(target)} was abandoned ${afterSamples === 0 ? 'before its first answer' : `after ${plural(afterSamples, 'answer')}`} (${plainText(kind)}): ${plainText(message)}`,
  );
  const arms = fastestFirst(report);
  const of = (text: (one: BenchArmReport) => string | undefined) =>
    arms.map((one) => {
      const note = text(one);
      return note && `${naming.short(one.arm.id)} ${note}`;
    });
  return [
    ...abandoned,
    ...arms.flatMap((one) => failureTexts(one, run.abandoned)),
    ...joinedLine('warm-up requests, excluded from all figures', of(warmUpText)),
    ...overlapTexts(run, naming),
    ...joinedLine(
      'samples contaminated by load on this machine, included in all figures',
      of(contaminatedNote),
    ),
    ...joinedLine('sent late; latency is counted from the scheduled send time', of(lateText)),
    ...joinedLine(
      'latency drifted during the run, so the intervals, which assume identically distributed requests, are too narrow',
      of(driftText),
    ),
    ...serverNotes(run.servers),
    ...pricesText(run, report),
    ...(report.arms.some(({ arm }) => !arm.kind) ? [feltNote(report)] : []),
    ...(run.plan.speech ? speechNotes(run, run.plan.speech) : []),
  ];
}
