import { FirstwordError } from '@firstword/turn';
import { type Prices, pricesOf } from '../budget/prices.js';
import { armsOf } from '../plan/arms.js';
import { type RunEstimate, runEstimate } from '../plan/estimate.js';
import { type PlannedRequest, schedule } from '../plan/schedule.js';
import { LANGUAGES } from '../prompts/languages/index.js';
import { readPromptFile } from '../prompts/prompt-file.js';
import {
  builtInScripts,
  charactersOf,
  languageOf,
  messagesOf,
  type Script,
  systemPrompt,
} from '../prompts/prompts.js';
import { replayedScripts } from '../prompts/replay.js';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { checkKeys } from '../targets/access.js';
import { parseTargets } from '../targets/parse-targets.js';
import { checkRealtimeKeys } from '../targets/realtime-target.js';
import { checkSpeechKeys } from '../targets/speech-target.js';
import type { BenchTarget } from '../targets/target.js';
import { leadMs } from './timetable.js';

/** A validated plan with its arms, prompts, schedule and prices. Nothing has been sent yet. */
export interface PreparedRun {
  plan: BenchPlan;
  targets: BenchTarget[];
  arms: BenchArm[];
  scripts: Script[];
  requests: PlannedRequest[];
  prices: Prices;
}

/** Assumed for languages that are not built in. */
const USUAL_CHARACTERS_PER_TOKEN = 4;

async function scriptsOf(plan: BenchPlan, signal: AbortSignal): Promise<Script[]> {
  const { promptFile, replay, languages, systemTokens } = plan;
  const own = promptFile === undefined ? undefined : await readPromptFile(promptFile, languages);
  if (replay === undefined) return own ?? builtInScripts(languages, systemTokens);
  const language = languages[0]!;
  const system = own?.[0]?.system ?? systemPrompt(languageOf(language), systemTokens);
  return replayedScripts({ path: replay, system, language, signal });
}

/** A budget in dollars requires that every price is known. */
function checkPrices({ budget }: BenchPlan, targets: readonly BenchTarget[], prices: Prices): void {
  const unknown = targets
    .filter(({ text }) => !(prices.byTarget[text] || prices.speech?.[text]))
    .map(({ text }) => text);
  if (budget.usd === undefined || unknown.length === 0) return;
  throw new FirstwordError(
    'bad_input',
    `a budget in dollars cannot be enforced: the price of ${unknown.join(', ')} is not known. Give it with --prices FILE, or limit requests instead.`,
  );
}

/**
 * Validates a plan and prepares its arms, prompts and schedule. Sends nothing.
 * @param options.env environment with the API keys; default `process.env`
 * @throws FirstwordError `bad_input` for unusable targets, keys, prompts, prices or budgets, saying what to do
 */
export async function prepareRun(
  plan: BenchPlan,
  options: { pricesFile?: string; env?: Record<string, string | undefined>; signal: AbortSignal },
): Promise<PreparedRun> {
  const targets = parseTargets(plan.targets);
  checkKeys(targets, options.env);
  checkSpeechKeys(targets, options.env);
  checkRealtimeKeys(targets, options.env);
  const prices = await pricesOf(targets, options.pricesFile);
  checkPrices(plan, targets, prices);
  const arms = armsOf(plan, targets);
  const hasLlm = arms.some(({ kind }) => !kind);
  const scripts = hasLlm ? await scriptsOf(plan, options.signal) : [];
  const requests = schedule(plan, arms, Math.max(1, scripts.length));
  return { plan, targets, arms, scripts, requests, prices };
}

/** Approximate prompt tokens of a request. */
function promptTokens({ conversation, turn }: PlannedRequest, scripts: readonly Script[]): number {
  const script = scripts[conversation % scripts.length]!;
  const known = LANGUAGES.find(({ code }) => code === script.language);
  const characters = charactersOf(messagesOf(script, { turn, salt: '' }));
  return characters / (known?.charactersPerToken ?? USUAL_CHARACTERS_PER_TOKEN);
}

/** Estimates a prepared run, or the given part of its requests. */
export function estimateRun(prepared: PreparedRun, requests = prepared.requests): RunEstimate {
  const { plan, scripts, prices } = prepared;
  return runEstimate({
    plan,
    requests,
    prices,
    promptTokensOf: (request) => promptTokens(request, scripts),
    leadMs: leadMs(requests),
  });
}
