import { wholeMs } from '@firstword/records';
import { ecdfOf, ecdfPlot, html, keyNumbers, type Markup, page, table } from '@firstword/records/html';
import type { RecordedCall } from '../../caller/recordings.js';
import { COMPARE_CALLS } from '../calls.js';
import { gapsOf, pairsOf } from '../gaps.js';
import type { CallOutcome } from '../outcome.js';
import type { ArmReport } from '../report.js';
import { type ComparisonTarget, otherArm } from '../targets.js';
import type { Excerpt } from './excerpts.js';
import { ledgerBars } from './ledger-bars.js';
import { pairsPlot } from './pairs.js';
import { recordingsSection } from './recordings.js';
import { spreadPlot } from './spread.js';
import { COMPARE_STYLE } from './style.js';
import { costTable, failureCountsTable, gapTable, ratioText, turnsTable } from './tables.js';

/** One comparison of a page. */
export interface PageSection {
  llm: { name: string; label: string; source: string; emulated: boolean };
  /** The realtime model of the arms that have one. */
  realtime?: { label: string; source: string; emulated: boolean };
  seed: number;
  rounds: number;
  /** Some calls are missing. */
  stopped: boolean;
  arms: readonly ArmReport[];
  calls: readonly CallOutcome[];
  targets: readonly ComparisonTarget[];
  excerpts: readonly Excerpt[];
}

const ECDF_TEXTS = {
  note: 'Share of the lines whose answer had become audible this many ms after the caller’s last sample.',
  measure: 'the felt gap',
};

/** More curves than this are indistinguishable in one plot. All arms are in the tables and in the p50/p95 plot. */
const MOST_CURVES = 4;
/** Ledgers are one bar each. */
const MOST_LEDGERS = 8;

/** The p50 of the first arm and of the arm it is compared with, and their ratio. */
function comparedArms(arms: readonly ArmReport[]): Markup | undefined {
  const other = arms.find(({ arm }) => arm === otherArm(arms.map((one) => one.arm)));
  const shown = [arms[0], other].flatMap((arm) => (arm?.gaps ? [{ arm: arm.arm, gaps: arm.gaps }] : []));
  const boxes = shown.map(({ arm, gaps }) => ({
    label: arm,
    value: `${wholeMs(gaps.p50.valueMs)} ms`,
    note: `p50 of ${gaps.count} lines; p95 ${wholeMs(gaps.p95.valueMs)} ms`,
  }));
  const { versus } = other ?? {};
  if (!versus?.p50) return keyNumbers(boxes);
  return keyNumbers([
    ...boxes,
    {
      label: `ratio to ${versus.arm}, p50`,
      value: `× ${versus.p50.ratio.toFixed(2)}`,
      note: html`p95 × ${ratioText(versus.p95)}; ${versus.pairs} pairs`,
    },
  ]);
}

function goals(targets: readonly ComparisonTarget[]): Markup | undefined {
  if (targets.length === 0) return undefined;
  const rows = targets.map(({ what, wanted, measured, met }) => [
    what,
    wanted,
    measured ?? '–',
    met === undefined
      ? 'not measured'
      : html`<span class="${met ? 'better' : 'worse'}">${met ? 'met' : 'missed'}</span>`,
  ]);
  return html`<h3>Targets</h3><div class="goals">${table(['figure', 'target', 'measured', ''], rows)}</div>`;
}

function plots({ arms, calls }: PageSection): Markup {
  const counted = calls.filter((call) => call.round > 0);
  const names = arms.map(({ arm }) => arm);
  const other = otherArm(names);
  const of = (arm: string) => counted.filter((call) => call.arm === arm);
  const pairs = other === undefined ? [] : pairsOf(of(names[0]!), of(other));
  const curves = names
    .map((name, index) => ({ name, index, points: ecdfOf(gapsOf(of(name)).map(({ gapMs }) => gapMs)) }))
    .filter(({ name, index }) => names.length <= MOST_CURVES || index === 0 || name === other);
  const ledgers = names.length <= MOST_LEDGERS ? names : [names[0]!, other!];
  return html`<div class="plots">
${spreadPlot(arms)}
${curves.some(({ points }) => points.length > 0) && ecdfPlot(curves, ECDF_TEXTS)}
${pairs.length > 0 && pairsPlot(names[0]!, other!, pairs)}
${ledgerBars(ledgers, calls)}
</div>`;
}

function tapes(excerpts: readonly Excerpt[]): Markup | undefined {
  if (excerpts.length === 0) return undefined;
  const lines = new Map<string, Excerpt[]>();
  for (const one of excerpts) {
    const key = `${one.round}/${one.call}/${one.line}`;
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  const boxes = [...lines].map(([key, variants]) => {
    const { call, line } = variants[0]!;
    const words = COMPARE_CALLS.find(({ id }) => id === call)?.lines[line - 1]?.parts.join(' … ');
    const players = variants.map(
      ({ arm, gapMs, wav }) => html`<label>${arm}: ${wholeMs(gapMs)} ms
<audio controls preload="none" src="data:audio/wav;base64,${Buffer.from(wav).toString('base64')}"></audio></label>`,
    );
    return html`<div><p>${words} <small>${key}</small></p>${players}</div>`;
  });
  const bytes = excerpts.reduce((sum, { wav }) => sum + wav.length, 0);
  return html`<h3 class="listen">Listen</h3><p class="soft listen">From the tapes: the lines with the largest, the median and the smallest gain.
Both voices on one channel, 16 kHz; ${(bytes / 1e6).toFixed(1)} MB of audio in this page.</p><div class="tapes">${boxes}</div>`;
}

function section(data: PageSection): Markup {
  const { llm, realtime, arms, calls, rounds, seed, stopped } = data;
  const names = arms.map(({ arm }) => arm);
  const made = calls.filter((call) => call.round > 0).length;
  return html`<section><h2>${llm.label}</h2>
<p class="soft">${made} calls by ${names.length} agents (${names.join(', ')}), ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}, interleaved.
${llm.emulated ? html`The LLM was emulated: real sockets, scripted answers, published delays (${llm.source}).` : llm.source}</p>
${realtime && html`<p class="soft">Realtime: ${realtime.label}. ${realtime.emulated ? html`Emulated: real sockets, scripted answers, published delays (${realtime.source}).` : realtime.source}</p>`}
${stopped && html`<p class="notice">Stopped early: these are the lines answered until then.</p>`}
${comparedArms(arms)}${goals(data.targets)}${plots(data)}
<h3>Felt gap</h3>${gapTable(arms)}
<h3>Failures</h3>${failureCountsTable(arms)}
<h3>Cost</h3>${costTable(arms)}
${tapes(data.excerpts)}
<details><summary>Every line</summary><div class="turns">${turnsTable(names, calls, COMPARE_CALLS)}</div></details>
</section>`;
}

/** An overview of several comparisons; `undefined` for a single one. */
function overview(sections: readonly PageSection[]): Markup | undefined {
  if (sections.length < 2) return undefined;
  const rows = sections.map(({ llm, arms, targets }) => {
    const other = arms.find(({ arm }) => arm === otherArm(arms.map((one) => one.arm)));
    const judged = targets.filter(({ met }) => met !== undefined);
    return [
      llm.name,
      ...[arms[0], other].map((arm) => (arm?.gaps ? wholeMs(arm.gaps.p50.valueMs) : '–')),
      ...[other?.versus?.p50, other?.versus?.p95, other?.versus?.p99].map(ratioText),
      `${judged.filter(({ met }) => met).length} of ${judged.length}`,
    ];
  });
  const names = sections[0]!.arms.map(({ arm }) => arm);
  const heads = [
    'set-up',
    `${names[0]} p50 ms`,
    `${otherArm(names) ?? ''} p50 ms`,
    'ratio p50',
    'ratio p95',
    'ratio p99',
  ];
  return table([...heads, 'targets met'], rows);
}

const ABOUT = `The same callers, STT, TTS and LLM delays; different agents. Felt gap: from the caller's last sample to the first audible sample of the answer, detected from the audio of the
tape alone. Small figures are 95 % bootstrap intervals, resampled by line, or by speaker where a manifest of the recordings names them. Ratios compare the same lines in both arms.
Cut-offs: the agent spoke before the end of the line. Wrong: the answer was generated for other words than the committed ones.
Misheard: the transcript differs from the spoken words. Would fit: turns in which the LLM's time to first content plus the
TTS's time to first byte is less than the commit delay; gap − delay is the time after the commit in those turns. Core: share
of one core during a call, caller and emulated LLM included; added is the difference to the same calls of the first arm.`;

/**
 * The page of one or several comparisons: self-contained HTML without scripts or external resources.
 * @param title title of the page
 * @param recordings the recordings that were played, if any
 */
export function comparisonPage(
  title: string,
  sections: readonly PageSection[],
  recordings: readonly RecordedCall[] = [],
): string {
  const body = html`<h1>${title}</h1>
${overview(sections)}${sections.map(section)}${recordingsSection(recordings)}`;
  return page({ title, body, madeBy: 'firstword compare', about: ABOUT, style: COMPARE_STYLE });
}
