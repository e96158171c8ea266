import type { ManualClock } from '@firstword/turn';
import type { ChatStream } from '../model.js';
import { ProviderError } from '../provider-error.js';
import { type Router, type RouterOptions, router } from '../router.js';
import { type ScriptedModel, type ScriptStep, scriptedModel } from './scripted-model.js';

/** Makes scripted models, and routers over them, on one clock. */
export interface ScriptedRouting {
  /** A model that follows the same script for every request, or one for each. */
  model(name: string, script: ScriptStep[] | ((request: number) => ScriptStep[])): ScriptedModel;
  /** A router that never explores or hedges by chance. */
  route(models: ScriptedModel[], options?: Partial<RouterOptions>): Router;
}

export const scriptedRouting = (clock: ManualClock): ScriptedRouting => ({
  model: (name, script) =>
    scriptedModel({ name, clock, script: typeof script === 'function' ? script : () => script }),
  route: (models, options = {}) => router({ models, clock, random: () => 0.99, ...options }),
});

/** The error of a provider that is down. */
export const down = () =>
  new ProviderError('provider_unavailable', 'down', { provider: 'p', retryable: true });

/** Of each request that was sent for an answer: its provider, why it was sent, and how it ended. */
export const outcomesOf = (chat: ChatStream) =>
  chat.trace.attempts!.map(({ provider, reason, outcome }) => [provider, reason, outcome]);
