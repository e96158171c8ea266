import {
  type AbandonedTarget,
  type BenchPlan,
  type BenchSample,
  type PreparedRun,
  type RunEstimate,
  type RunFile,
  responseMs,
} from '@firstword/provider-bench';
import { systemClock } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import { StatusLine } from '../../terminal/status-line.js';
import { approximateDuration } from '../compare/progress.js';

/** Interval of screen updates, ms. Drawing more often would take event loop time away from the measurement. */
const DRAW_EVERY_MS = 250;
/** Interval of progress lines without a terminal, ms. */
const LOG_EVERY_MS = 15_000;

const count = (value: number) => Math.round(value).toLocaleString('en-US');
const dollars = (usd: number) => `$${usd === 0 ? 0 : usd.toFixed(usd < 0.1 ? 4 : 2)}`;

function budgetText({ requests, tokens, usd }: BenchPlan['budget']): string {
  const parts = [
    ...(requests === undefined ? [] : [`${count(requests)} requests`]),
    ...(tokens === undefined ? [] : [`${count(tokens)} tokens`]),
    ...(usd === undefined ? [] : [dollars(usd)]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

const usedText = ({ requests, tokens, usd }: RunFile['used']) =>
  `${count(requests)} requests, ${count(tokens)} tokens, ${dollars(usd)}`;

function costText(estimate: RunEstimate, { prices }: PreparedRun): string {
  if (estimate.unpriced.length > 0) {
    return `, cost unknown: no price for ${estimate.unpriced.join(', ')} (use --prices FILE)`;
  }
  if (estimate.usd === 0) return ', free of charge';
  const source = prices.file ?? 'list prices';
  return `, ${dollars(estimate.usd!)} at ${source} of ${prices.date}`;
}

/**
 * Text that is printed before a run starts: what will be sent, at what cost.
 * @param options.used requests, tokens and cost used so far by a resumed run
 */
export function planText(
  prepared: PreparedRun,
  options: { estimate: RunEstimate; file: string; used?: RunFile['used'] },
): string {
  const { plan, arms } = prepared;
  const { estimate, file, used } = options;
  return [
    `Measured   ${arms.length <= 6 ? arms.map(({ id }) => id).join(', ') : `${arms.length} variants of ${plan.targets.join(', ')}`}`,
    ...(prepared.scripts.length > 0 ? [promptsText(prepared)] : []),
    ...(plan.speech ? [lineText(plan.speech)] : []),
    `Requests   ${count(estimate.requests)} (${count(estimate.warmUps)} for warm-up), ${plan.perSecond} per second: about ${approximateDuration(estimate.durationMs)}`,
    prepared.scripts.length === 0
      ? `Cost       ${costText(estimate, prepared).replace(/^, /, '')}`
      : `Tokens     at most about ${count(estimate.promptTokens + estimate.completionTokens)} tokens${costText(estimate, prepared)}`,
    `Budget     ${budgetText(plan.budget)}${used ? `; used so far: ${usedText(used)}` : ''}`,
    `File       ${file}`,
  ].join('\n');
}

function promptsText({ plan, scripts }: PreparedRun): string {
  const languages = [...new Set(scripts.map(({ language }) => language))].filter((code) => code !== 'und');
  const prompt =
    plan.replay ?? plan.promptFile ?? `system prompt of about ${count(plan.systemTokens)} tokens`;
  return `Prompts    ${[prompt, ...(languages.length > 0 ? [languages.join(', ')] : [])].join('; ')}; up to ${plan.historyTurns} turns; answers of up to ${plan.maxCompletionTokens} tokens`;
}

function lineText({ text, audioFile, lineMs }: NonNullable<BenchPlan['speech']>): string {
  return `Line       ${audioFile ?? 'synthesized'}, ${(lineMs / 1000).toFixed(1)} s; a TTS says ${text.length} characters`;
}

/** Progress of a run: a live line on a terminal, otherwise a line every 15 s. */
export class BenchScreen {
  readonly #status = new StatusLine();
  readonly #ttftMs = new Map<string, number[]>();
  readonly #targetOf: Map<string, string>;
  readonly #planned: number;
  readonly #endMs: number;
  #done: number;
  #failed = 0;
  #contaminated = 0;
  #drawnMs = systemClock.nowMs();
  #loggedMs = systemClock.nowMs();

  constructor(options: { prepared: PreparedRun; open: number; durationMs: number }) {
    const { prepared, open, durationMs } = options;
    this.#planned = prepared.requests.length;
    this.#done = this.#planned - open;
    this.#endMs = systemClock.nowMs() + durationMs;
    this.#targetOf = new Map(prepared.arms.map(({ id, target }) => [id, target]));
  }

  sample(sample: BenchSample): void {
    const { armId, warmUp, error, machine } = sample;
    const tookMs = responseMs(sample);
    this.#done += 1;
    if (error) this.#failed += 1;
    if (machine.contaminated.length > 0) this.#contaminated += 1;
    const target = this.#targetOf.get(armId)!;
    if (!warmUp && tookMs !== undefined) {
      const times = this.#ttftMs.get(target) ?? [];
      times.push(tookMs);
      this.#ttftMs.set(target, times);
    }
    this.#draw();
  }

  abandoned({ target, message }: AbandonedTarget): void {
    this.#status.clear();
    process.stderr.write(` ! ${target}: ${message}\n`);
  }

  clear(): void {
    this.#status.clear();
  }

  #draw(): void {
    const nowMs = systemClock.nowMs();
    if (nowMs - this.#loggedMs >= LOG_EVERY_MS && !process.stderr.isTTY) {
      this.#loggedMs = nowMs;
      this.#status.step(this.#text(nowMs));
    }
    if (nowMs - this.#drawnMs < DRAW_EVERY_MS) return;
    this.#drawnMs = nowMs;
    this.#status.live(this.#text(nowMs));
  }

  #text(nowMs: number): string {
    const leftMs = Math.max(0, this.#endMs - nowMs);
    const medians = [...this.#ttftMs].map(([target, times]) => `${target} ${Math.round(median(times)!)} ms`);
    const parts = [
      `[${this.#done}/${this.#planned}] ${approximateDuration(leftMs)} left`,
      ...(this.#failed > 0 ? [`${this.#failed} failed`] : []),
      ...(this.#contaminated > 0 ? [`${this.#contaminated} contaminated here`] : []),
      ...(medians.length > 0 ? [`median so far: ${medians.join(', ')}`] : []),
    ];
    return parts.join(' · ');
  }
}

/** Notes for stderr: usage and how to continue; with JSON or Markdown output also partial results and contamination. */
export function notesOf(run: RunFile, options: { forPrograms: boolean; file: string }): string[] {
  const used = `Used: ${usedText(run.used)}.`;
  // Printed here because the report wraps lines, and this one is meant to be copied.
  const resumeHint = run.partial ? [`Resume with: firstword bench --resume ${options.file}`] : [];
  if (!options.forPrograms) return [used, ...resumeHint];
  const contaminated = run.samples.filter(({ machine }) => machine.contaminated.length > 0);
  const kinds = [...new Set(contaminated.flatMap(({ machine }) => machine.contaminated))].join(', ');
  const what = `${contaminated.length} of ${run.samples.length} samples (${kinds})`;
  return [
    ...(run.partial ? [run.partial.message] : []),
    ...(contaminated.length > 0 ? [`This machine may have contaminated ${what}; they are kept.`] : []),
    used,
  ];
}
