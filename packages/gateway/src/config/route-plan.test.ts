import { expect, it } from 'vitest';
import { describeRoute } from './describe.js';
import { parseConfig } from './read-config.js';
import { missingVariables } from './route-plan.js';

const routesOf = (models: string, settings = '') =>
  parseConfig(`routes:\n  a:\n    models: [${models}]\n${settings}`, { file: 'f' }).routes;

const missingFor = (model: string, env: Record<string, string>) =>
  missingVariables(routesOf(model)[0]!.models[0]!, env);

it.each([
  ['openai:x', {}, ['OPENAI_API_KEY']],
  ['openai:x', { OPENAI_API_KEY: 'k' }, []],
  ['livekit:x', { LIVEKIT_API_KEY: 'k' }, ['LIVEKIT_API_SECRET']],
  ['vllm:x', {}, []],
  ['openai:x@http://proxy/v1', {}, []],
  ['custom:x', {}, ['FIRSTWORD_LLM_BASE_URL']],
  ['emulated:gpt-4o-mini', {}, []],
  ['azure:x', {}, ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_API_KEY']],
  ['bedrock:x', { AWS_REGION: 'r' }, ['AWS_BEARER_TOKEN_BEDROCK']],
  ['bedrock:x', { AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' }, []],
  ['{ model: openai:x, keyVariable: TEAM }', { OPENAI_API_KEY: 'k' }, ['TEAM']],
])('%s with %j lacks %j', (model, env, missing) => {
  expect(missingFor(model, env)).toEqual(missing);
});

it('says what a route does in sentences', () => {
  const [route] = routesOf('openai:x, groq:y', '    voice: true\n    hedge: { budget: 0.05 }\n');
  const { text, models } = describeRoute(route!, { GROQ_API_KEY: 'k' });
  expect(text.join('\n')).toMatch(/up to 5 % of the requests.*next model too after 2,000 ms.*first clause/s);
  expect(models.map(({ missing }) => missing)).toEqual([['OPENAI_API_KEY'], []]);
  const single = describeRoute(routesOf('openai:x', '    hedge: { budget: 0 }\n')[0]!, {});
  expect(single.text.join('\n')).toMatch(/No hedges.*Gives up after 8,000 ms.*every piece on at once/s);
});
