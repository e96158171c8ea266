import { ROUTER_DEFAULTS } from '@firstword/llm';
import { keyVariablesFor, missingVariables, type PlannedRoute } from './route-plan.js';
import type { RouteSettingsConfig } from './schema.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a route does, as `--check --json` prints it. */
export interface RouteDescription {
  name: string;
  /** Whether it also answers every model name that no route has. */
  isDefault: boolean;
  models: {
    /** As in the file, such as `groq:openai/gpt-oss-120b`. */
    model: string;
    keyVariables: string[];
    /** Variables that it needs and that are not set. */
    missing: string[];
  }[];
  /** The settings that are not the defaults. */
  settings: RouteSettingsConfig;
  /** The same in sentences. */
  text: string[];
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
const duration = (ms: number): string =>
  ms >= 10_000 ? `${ms / 1_000} s` : `${ms.toLocaleString('en-US')} ms`;

/** The models of a route in one line: `openai:gpt-4o-mini, then groq:openai/gpt-oss-120b`. */
export function modelsText({ models, settings }: PlannedRoute): string {
  const names = models.map(({ spec }) => spec.text);
  return settings.order === 'fastest' ? `the fastest of ${names.join(', ')}` : names.join(', then ');
}

function hedgeText({ models, settings: { hedge = {} } }: PlannedRoute): string {
  const { budget = ROUTER_DEFAULTS.hedge.budget, quantile } = hedge;
  if (budget === 0) return 'No hedges.';
  const whom = models.length > 1 ? 'a second model' : 'the model a second time';
  const when =
    quantile === undefined ? 'is later than usual' : `is later than ${percent(quantile)} of its answers`;
  return `When the first content ${when}, asks ${whom}, for up to ${percent(budget)} of the requests.`;
}

function sentences(route: PlannedRoute): string[] {
  const { models, settings } = route;
  const {
    firstContentDeadlineMs = ROUTER_DEFAULTS.firstContentDeadlineMs,
    giveUpAfterMs = ROUTER_DEFAULTS.giveUpAfterMs,
  } = settings;
  const { beforeClauseMs = ROUTER_DEFAULTS.stall.beforeClauseMs, onBreak = 'end' } = settings.stall ?? {};
  const next =
    models.length > 1
      ? `Asks the next model too after ${duration(firstContentDeadlineMs)} without content; `
      : '';
  return [
    hedgeText(route),
    `${next}${next ? 'gives' : 'Gives'} up after ${duration(giveUpAfterMs)}.`,
    settings.voice
      ? `For a voice: holds text until the first clause, and until then replaces a stream that pauses for ${duration(beforeClauseMs)}.`
      : 'Passes every piece on at once.',
    onBreak === 'continue'
      ? 'Another model continues an answer that breaks.'
      : 'An answer that breaks after words were passed on ends as incomplete.',
  ];
}

/** Describes what a route would do, and which variables it lacks. */
export function describeRoute(route: PlannedRoute, env: Env = process.env): RouteDescription {
  const { name, isDefault, settings } = route;
  return {
    name,
    isDefault,
    models: route.models.map((model) => ({
      model: model.spec.text,
      keyVariables: keyVariablesFor(model),
      missing: missingVariables(model, env),
    })),
    settings,
    text: sentences(route),
  };
}
