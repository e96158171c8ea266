import { plainText } from '@firstword/records';
import { ecdfOf, ecdfPlot, html, keyNumbers, type Markup } from '@firstword/records/html';
import type { BenchArmReport } from '../../analyse/arm-report.js';
import type { BenchReport } from '../../analyse/report.js';
import { timesOf } from '../../analyse/times.js';
import type { RunFile } from '../../run-file.js';
import { caveats } from '../caveats.js';
import {
  contaminatedText,
  emulatedText,
  headline,
  intervalText,
  ms,
  percentText,
  rankingText,
  WHAT_IF_NOTE,
} from '../format.js';
import { hasLlm, runTables } from '../run-tables.js';
import { reportOf, SPEECH_PLOTS, speechKinds } from '../speech-tables.js';
import { type ArmNames, fastestFirst, letteredNames, whatIfTable } from '../tables.js';
import { benchDocument, section } from './document.js';
import { timelinePlot } from './timeline.js';
import { waterfallPlot } from './waterfall.js';

/** More curves than this are indistinguishable in one plot. The fastest arms are drawn; the tables list all. */
const MOST_CURVES = 7;
const MOST_TIMELINES = 12;

const ECDF_TEXTS = {
  note: 'Share of requests whose first content had arrived this many ms after the scheduled send time.',
  measure: 'the time to first content',
};

/** The p50 of the three fastest arms. */
function fastest(arms: readonly BenchArmReport[], { name }: ArmNames): Markup | undefined {
  const shown = arms.flatMap((one) => (one.response ? [{ ...one, response: one.response }] : [])).slice(0, 3);
  return keyNumbers(
    shown.map(({ arm, response: { p50, p95, count }, felt }) => ({
      label: name(arm.id),
      value: `${ms(p50.valueMs)} ms`,
      note: `p50 of ${count} (${intervalText(p50)}); p95 ${ms(p95.valueMs)} ms (${intervalText(p95)})${felt ? `; ${percentText(felt.overOneSecond)} of turns over 1 s` : ''}`,
    })),
  );
}

/** One plot for all LLMs, with a waterfall, and one for each other kind. */
function plots(run: RunFile, report: BenchReport, { name }: ArmNames): Markup {
  const llms = fastestFirst(reportOf(report));
  const ofLlms = hasLlm(report) ? [ecdf(run, llms, name, ECDF_TEXTS), waterfallPlot(llms, name)] : [];
  const others = speechKinds(report).map((kind) =>
    ecdf(run, fastestFirst(reportOf(report, kind)), name, SPEECH_PLOTS[kind]),
  );
  return html`<div class="plots">${[...ofLlms, ...others]}</div>`;
}

function ecdf(
  run: RunFile,
  arms: readonly BenchArmReport[],
  name: ArmNames['name'],
  texts: typeof ECDF_TEXTS,
): Markup | undefined {
  const curves = arms.slice(0, MOST_CURVES).map(({ arm }, index) => ({
    name: name(arm.id),
    index: index + 1,
    points: ecdfOf(timesOf(run, arm.id)),
  }));
  return curves.some(({ points }) => points.length > 0) ? ecdfPlot(curves, texts) : undefined;
}

function timelines(run: RunFile, arms: readonly BenchArmReport[], { name }: ArmNames): Markup | undefined {
  const found = arms.slice(0, MOST_TIMELINES).flatMap(({ arm }, index) => {
    const samples = run.samples.filter(({ armId }) => armId === arm.id);
    return timelinePlot({ name: name(arm.id), index: (index % 6) + 1, samples }) ?? [];
  });
  return found.length === 0 ? undefined : html`<h2>Over the run</h2><div class="plots">${found}</div>`;
}

function conditions(run: RunFile, report: BenchReport, naming: ArmNames): Markup {
  const { machine, plan, used } = run;
  const notes = [
    report.estimator,
    ...(hasLlm(report) ? [WHAT_IF_NOTE] : []),
    ...caveats(run, report, naming),
    `Open loop: ${plan.perSecond} requests a second over all arms, at times fixed before the run, so a slow answer delays no other request. Seed ${plan.seed}; ${plan.warmUps} warm-up requests per arm are excluded.`,
    `Measured with Firstword ${run.version} on ${plainText(machine.cpu)}, ${machine.cores} cores, Node ${machine.node}; ${used.requests} requests${hasLlm(report) ? ` and ${used.tokens} tokens` : ''} used.`,
  ];
  return html`<h2>How to read this</h2><ul class="soft notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

/** The body of a run's page, without its title: summary, plots, tables, timelines and notes. */
export function benchBody(run: RunFile, report: BenchReport): Markup {
  const arms = fastestFirst(report);
  const emulated = emulatedText(report);
  const naming = letteredNames(report);
  const everyPair = whatIfTable(report, { all: true, naming });
  return html`<p class="soft">${headline(run, report)}</p>
${report.partial && html`<p class="notice">Partial: ${plainText(report.partial.message)}</p>`}
${[emulated, contaminatedText(report)].map((notice) => notice && html`<p class="notice">${notice}</p>`)}
${report.rankings.map((ranking) => html`<p class="verdict">${rankingText(ranking)}</p>`)}
${fastest(arms, naming)}${plots(run, report, naming)}${runTables(run, report, naming).map(section)}
${report.whatIf.length > 1 && everyPair && html`<details><summary>Every pair</summary>${section(everyPair)}</details>`}
${timelines(run, arms, naming)}${conditions(run, report, naming)}`;
}

function titleOf(report: BenchReport): string {
  const [kind, ...others] = [...(hasLlm(report) ? ['llm'] : []), ...speechKinds(report)];
  if (kind === 'llm' && others.length === 0) return 'Time to first content';
  if (kind === 'realtime') return 'Realtime models';
  return kind === 'llm' ? 'Time to first content and to the first sound' : 'Speech engines';
}

/** The report of a run as a self-contained HTML page: no scripts, no external resources. */
export function benchPage(run: RunFile, report: BenchReport): string {
  const title = titleOf(report);
  return benchDocument(title, html`<h1>${title}</h1>${benchBody(run, report)}`);
}
