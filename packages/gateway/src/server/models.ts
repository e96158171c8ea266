import type { Route } from '../route.js';

/** The list of models, as OpenAI writes it. */
export function openAiModels(routes: Route[], createdS: number): object {
  return { object: 'list', data: routes.map((route) => openAiModel(route, createdS)) };
}

/** One model, as OpenAI writes it. */
export function openAiModel({ name }: Route, createdS: number): object {
  return { id: name, object: 'model', created: createdS, owned_by: 'firstword' };
}

/** The list of models, as Anthropic writes it. */
export function anthropicModels(routes: Route[], createdS: number): object {
  const data = routes.map((route) => anthropicModel(route, createdS));
  const names = routes.map(({ name }) => name);
  return { data, has_more: false, first_id: names[0], last_id: names.at(-1) };
}

/** One model, as Anthropic writes it. */
export function anthropicModel({ name }: Route, createdS: number): object {
  const createdAt = new Date(createdS * 1_000).toISOString();
  return { type: 'model', id: name, display_name: name, created_at: createdAt };
}
