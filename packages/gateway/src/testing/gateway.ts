import { anthropic, type LanguageModel, openAiCompatible, type RouterOptions, router } from '@firstword/llm';
import { onTestFinished } from 'vitest';
import type { AnsweredRequest } from '../answer/answered.js';
import { type Gateway, startGateway } from '../gateway.js';
import type { GatewayOptions } from '../options.js';
import type { Route } from '../route.js';

/** A model behind OpenAI's API. */
export const openAiModel = (baseUrl: string, name = 'primary'): LanguageModel =>
  openAiCompatible({ provider: name, model: 'real-model', baseUrl, apiKey: 'upstream-key' });

/** A model behind Anthropic's API. */
export const anthropicModel = (baseUrl: string): LanguageModel =>
  anthropic({ model: 'real-model', baseUrl, apiKey: 'upstream-key' });

/** A route named `m` over these models. */
export function routeTo(models: LanguageModel[], options: Partial<RouterOptions> = {}): Route {
  return { name: 'm', router: router({ coalesce: false, ...options, models }) };
}

/** A running gateway, closed when the test ends, and what it reported. */
export async function gatewayTo(
  routes: Route[],
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: Gateway; answered: AnsweredRequest[] }> {
  const answered: AnsweredRequest[] = [];
  const gateway = await startGateway({ routes, onAnswered: (each) => answered.push(each), ...options });
  onTestFinished(() => gateway.close());
  return { gateway, answered };
}

/** Sends a body as JSON. */
export function post(
  gateway: Gateway,
  path: string,
  body: unknown,
  options: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${gateway.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** A request of one message. */
export const HELLO = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
export const CHAT = '/v1/chat/completions';
export const MESSAGES = '/v1/messages';

/** The data of each event of a stream. */
export const dataOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6));
