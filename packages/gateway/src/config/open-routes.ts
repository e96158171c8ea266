import { type LanguageModel, type Router, type RouterMemory, router } from '@firstword/llm';
import type { Route } from '../route.js';
import { type ModelSource, openModel } from './open-model.js';
import type { PlannedRoute } from './route-plan.js';

/** Options of `openRoutes`. */
export interface OpenRoutesOptions extends ModelSource {
  /** Store of measured times; default none. */
  memory?: RouterMemory | undefined;
  /** The routes that are open now. Those whose settings have not changed stay as they are, with their connections. */
  current?: readonly OpenRoute[];
}

/** A route whose models are open. */
export interface OpenRoute {
  planned: PlannedRoute;
  router: Router;
  /** The router's models, which it closes. */
  models: LanguageModel[];
  /** Whether it is one of the `current` routes. */
  isKept: boolean;
}

/** Routes with the same text behave the same. */
const identityOf = ({ models, settings }: PlannedRoute): string => JSON.stringify({ models, settings });

function openRoute(planned: PlannedRoute, options: OpenRoutesOptions): OpenRoute {
  const models: LanguageModel[] = [];
  try {
    for (const model of planned.models) models.push(openModel(model, options));
    const { voice = false, ...settings } = planned.settings;
    const opened = router({
      ...withoutUndefined(settings),
      models,
      coalesce: voice,
      memory: options.memory,
    });
    return { planned, router: opened, models, isKept: false };
  } catch (error) {
    for (const model of models) void model.close();
    throw error;
  }
}

type Defined<T> = T extends object ? { [Name in keyof T]: Defined<Exclude<T[Name], undefined>> } : T;

/** Zod's optional fields may be `undefined`; the router's may only be absent. */
const withoutUndefined = <T>(settings: T): Defined<T> => JSON.parse(JSON.stringify(settings)) as Defined<T>;

/**
 * Opens the models and routers of a config.
 * @throws FirstwordError `bad_input` for a setting that a provider or the router refuses; nothing is left open then
 */
export function openRoutes(planned: readonly PlannedRoute[], options: OpenRoutesOptions = {}): OpenRoute[] {
  const left = new Set(options.current ?? []);
  const opened: OpenRoute[] = [];
  try {
    for (const plan of planned) {
      const same = [...left].find((route) => identityOf(route.planned) === identityOf(plan));
      if (same) left.delete(same);
      opened.push(same ? { ...same, planned: plan, isKept: true } : openRoute(plan, options));
    }
    return opened;
  } catch (error) {
    for (const route of opened) if (!route.isKept) void route.router.close();
    throw error;
  }
}

/** The gateway's routes: each name, and `*` for all others where there is a default. */
export function toRoutes(opened: readonly OpenRoute[]): Route[] {
  return opened.flatMap(({ planned: { name, isDefault, settings }, router }) => {
    const route = { name, router, holdUntilClause: settings.voice ?? false };
    return isDefault ? [route, { ...route, name: '*' }] : [route];
  });
}
