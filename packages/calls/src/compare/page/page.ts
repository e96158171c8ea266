import { ARMS_STYLE, ecdfPlot, html, type Markup, ms, table } from '@firstword/records/html';
import { COMPARE_CALLS } from '../calls.js';
import { gapsOf, pairsOf } from '../gaps.js';
import type { CallOutcome } from '../outcome.js';
import type { ArmReport } from '../report.js';
import { type ComparisonTarget, otherArm } from '../targets.js';
import type { Excerpt } from './excerpts.js';
import { ledgerBars } from './ledger-bars.js';
import { pairsPlot } from './pairs.js';
import { spreadPlot } from './spread.js';
import { costTable, failureCountsTable, gapTable, ratioText, turnsTable } from './tables.js';

/** One comparison of a page. */
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

/** More curves than this are indistinguishable in one plot. All arms are in the tables and in the p50/p95 plot. */
const MOST_CURVES = 4;

function hero(arms: readonly ArmReport[]): Markup {
  const other = arms.find(({ arm }) => arm === otherArm(arms.map((one) => one.arm)));
  const shown = [arms[0], other].flatMap((arm) => (arm?.gaps ? [{ arm: arm.arm, gaps: arm.gaps }] : []));
  const boxes = shown.map(
    ({ arm, gaps }) =>
      html`<div><span class="soft">${arm}</span><b>${ms(gaps.p50.valueMs)} ms</b><span class="soft">p50 of ${gaps.count} lines; p95 ${ms(gaps.p95.valueMs)} ms</span></div>`,
  );
  const { versus } = other ?? {};
  const ratio =
    versus?.p50 &&
    html`<div><span class="soft">ratio to ${versus.arm}, p50</span><b>× ${versus.p50.ratio.toFixed(2)}</b><span class="soft">p95 × ${ratioText(versus.p95)}; ${versus.pairs} pairs</span></div>`;
  return html`<div class="hero">${boxes}${ratio}</div>`;
}

function goals(targets: readonly ComparisonTarget[]): Markup | undefined {
  if (targets.length === 0) return undefined;
  const rows = targets.map(({ what, wanted, measured, met }) => [
    what,
    wanted,
    measured ?? '–',
    met === undefined
      ? 'not measured'
      : html`<span class="${met ? 'met' : 'missed'}">${met ? 'met' : 'missed'}</span>`,
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
    .map((arm, index) => ({ arm, index, gapsMs: gapsOf(of(arm)).map(({ gapMs }) => gapMs) }))
    .filter(({ arm, index }) => names.length <= MOST_CURVES || index === 0 || arm === other);
  const ledgers = names.length <= MOST_CURVES ? names : [names[0]!, other!];
  return html`<div class="plots">
${spreadPlot(arms)}
${curves.some(({ gapsMs }) => gapsMs.length > 0) && ecdfPlot(curves)}
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
      ({ arm, gapMs, wav }) => html`<label>${arm}: ${ms(gapMs)} ms
<audio controls preload="none" src="data:audio/wav;base64,${Buffer.from(wav).toString('base64')}"></audio></label>`,
    );
    return html`<div><p>${words} <small>${key}</small></p>${players}</div>`;
  });
  const bytes = excerpts.reduce((sum, { wav }) => sum + wav.length, 0);
  return html`<h3 class="listen">Listen</h3><p class="soft listen">From the tapes: the lines with the largest, the median and the smallest gain.
Both voices on one channel, 16 kHz; ${(bytes / 1e6).toFixed(1)} MB of audio in this page.</p><div class="tapes">${boxes}</div>`;
}

function section(data: PageSection): Markup {
  const { llm, arms, calls, rounds, seed, stopped } = data;
  const names = arms.map(({ arm }) => arm);
  const made = calls.filter((call) => call.round > 0).length;
  return html`<section><h2>${llm.label}</h2>
<p class="soft">${made} calls by ${names.length} agents (${names.join(', ')}), ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}, interleaved.
${llm.emulated ? html`The LLM was emulated: real sockets, scripted answers, published delays (${llm.source}).` : llm.source}</p>
${stopped && html`<p class="notice">Stopped early: these are the lines answered until then.</p>`}
${hero(arms)}${goals(data.targets)}${plots(data)}
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
      ...[arms[0], other].map((arm) => (arm?.gaps ? ms(arm.gaps.p50.valueMs) : '–')),
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

const HOW = `Felt gap: from the caller's last sample to the first audible sample of the answer, detected from the audio of the
tape alone. Small figures are 95 % bootstrap intervals, resampled by line. Ratios compare the same lines in both arms.
Cut-offs: the agent spoke before the end of the line. Wrong: the answer was generated for other words than the committed ones.
Misheard: the transcript differs from the spoken words. Would fit: turns in which the LLM's time to first content plus the
TTS's time to first byte is less than the commit delay; gap − delay is the time after the commit in those turns. Core: share
of one core during a call, caller and emulated LLM included; added is the difference to the same calls of the first arm.`;

/**
 * The page of one or several comparisons: self-contained HTML without scripts or external resources.
 * @param title title of the page
 */
export function comparisonPage(title: string, sections: readonly PageSection[]): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>`;
  const body = html`</style></head><body>
<h1>${title}</h1><p class="soft">The same callers, STT, TTS and LLM delays; different agents. Made by firstword compare.</p>
${overview(sections)}${sections.map(section)}
<footer><p>${HOW}</p></footer></body></html>
`;
  return `${page.text}${ARMS_STYLE}${body.text}`;
}
