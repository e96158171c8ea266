import { wholeMs } from '@firstword/records';
import { ecdfOf, ecdfPlot, html, keyNumbers, type Markup, page, table } from '@firstword/records/html';
import { COMPARE_CALLS } from '../calls.js';
import { gapsOf, pairsOf } from '../gaps.js';
import type { CallOutcome } from '../outcome.js';
import type { ArmReport } from '../report.js';
import { type ComparisonTarget, otherArm } from '../targets.js';
import type { Excerpt } from './excerpts.js';
import { ledgerBars } from './ledger-bars.js';
import { pairsPlot } from './pairs.js';
import { spreadPlot } from './spread.js';
import { COMPARE_STYLE } from './style.js';
import { costTable, failureCountsTable, gapTable, ratioText, turnsTable } from './tables.js';

/** One comparison, as it is shown on a page. */
export interface PageSection {
  llm: { name: string; label: string; source: string; emulated: boolean };
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
  note: 'Share of the lines whose first audible sample was on the tape within so many ms of the caller’s last.',
  measure: 'the felt gap',
};

/** More curves than this cannot be told apart in one plot: the others are in the tables and in the p50 and p95. */
const MOST_CURVES = 4;

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
      label: `as long as ${versus.arm}, p50`,
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
  return html`<h3>What is wanted of it</h3><div class="goals">${table(['figure', 'wanted', 'measured', ''], rows)}</div>`;
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
  const ledgers = names.length <= MOST_CURVES ? names : [names[0]!, other!];
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
  const boxes = [...lines].map(([key, heard]) => {
    const { call, line } = heard[0]!;
    const words = COMPARE_CALLS.find(({ id }) => id === call)?.lines[line - 1]?.parts.join(' … ');
    const players = heard.map(
      ({ arm, gapMs, wav }) => html`<label>${arm}: ${wholeMs(gapMs)} ms
<audio controls preload="none" src="data:audio/wav;base64,${Buffer.from(wav).toString('base64')}"></audio></label>`,
    );
    return html`<div><p>${words} <small>${key}</small></p>${players}</div>`;
  });
  const bytes = excerpts.reduce((sum, { wav }) => sum + wav.length, 0);
  return html`<h3 class="listen">Listen</h3><p class="soft listen">From the tapes: the line that gained most, the middle one, and the one that gained least.
Both voices on one channel, 16 kHz; ${(bytes / 1e6).toFixed(1)} MB of sound in this page.</p><div class="tapes">${boxes}</div>`;
}

function section(data: PageSection): Markup {
  const { llm, arms, calls, rounds, seed, stopped } = data;
  const names = arms.map(({ arm }) => arm);
  const made = calls.filter((call) => call.round > 0).length;
  return html`<section><h2>${llm.label}</h2>
<p class="soft">${made} calls by ${names.length} agents (${names.join(', ')}), ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}, interleaved.
${llm.emulated ? html`The LLM was emulated: real sockets, scripted answers, published delays (${llm.source}).` : llm.source}</p>
${stopped && html`<p class="notice">Stopped early: these are the lines that were answered.</p>`}
${comparedArms(arms)}${goals(data.targets)}${plots(data)}
<h3>Felt gap</h3>${gapTable(arms)}
<h3>Conduct</h3>${failureCountsTable(arms)}
<h3>Work</h3>${costTable(arms)}
${tapes(data.excerpts)}
<details><summary>Every line</summary><div class="turns">${turnsTable(names, calls, COMPARE_CALLS)}</div></details>
</section>`;
}

/** Several comparisons at one glance. */
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
  return table([...heads, 'wanted and met'], rows);
}

const ABOUT = `The same callers, STT, TTS and delays; other agents. Felt gap: from the caller's last sample to the first audible sample of the answer, found in the samples of the
tape alone. Small figures are 95 % bootstrap intervals, drawn by distinct lines. Ratios compare the same lines in both arms.
Cut-offs: the agent spoke before the line was over. Wrong: the answer was written for other words than the turn was committed
with. Misheard: the agent heard other words than were said. Would fit: turns in which the LLM's time to first content and the
voice's to its first byte add up to less than the commit delay; gap − delay is what those took after the commit. Core: share
of one core during a call, caller and emulated LLM included; added is the difference to the same calls of the first arm.`;

/** Comparisons of agents as one page that holds everything it shows, with no link to anywhere else. */
export function comparisonPage(title: string, sections: readonly PageSection[]): string {
  const body = html`<h1>${title}</h1>
${overview(sections)}${sections.map(section)}`;
  return page({ title, body, madeBy: 'firstword compare', about: ABOUT, style: COMPARE_STYLE });
}
