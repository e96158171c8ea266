import { type RouterStats, router } from '@firstword/llm';
import { expect, test } from 'vitest';
import type { AnsweredRequest } from '../answer/answered.js';
import type { Route } from '../route.js';
import { answeredRequest, hedgedTrace } from '../testing/answered.js';
import { GatewayMetrics } from './gateway-metrics.js';

const NOW = { routes: [], active: 0 };

async function linesAfter(...answered: AnsweredRequest[]): Promise<string[]> {
  const metrics = new GatewayMetrics();
  for (const one of answered) metrics.observe(one);
  return (await metrics.text(NOW)).split('\n');
}

test('an answer by a hedge: its times, its attempts, its tokens and what it cost', async () => {
  const lines = await linesAfter(answeredRequest());
  const groq = 'route="fast",provider="groq",model="gpt-oss-120b"';
  for (const line of [
    'firstword_gateway_requests_total{route="fast",dialect="openai-chat",outcome="finished",code="none"} 1',
    `firstword_gateway_ttft_seconds_sum{${groq}} 0.505`,
    'firstword_gateway_added_seconds_sum{route="fast"} 0.01',
    'firstword_gateway_answer_seconds_sum{route="fast"} 1',
    `firstword_gateway_attempts_total{${groq},reason="hedge",outcome="won"} 1`,
    'firstword_gateway_attempts_total{route="fast",provider="openai",model="gpt-4o-mini",reason="primary",outcome="cancelled"} 1',
    'firstword_gateway_decisions_total{route="fast",decision="first-content deadline passed"} 1',
    `firstword_gateway_tokens_total{${groq},type="cached"} 512`,
    `firstword_gateway_tokens_total{${groq},type="wasted"} 880`,
    `firstword_gateway_cost_dollars_total{${groq}} 0.002`,
  ]) {
    expect(lines).toContain(line);
  }
});

test('a failure, and a client that left', async () => {
  const attempts = [
    {
      provider: 'a',
      model: 'm',
      reason: 'primary' as const,
      outcome: 'failed' as const,
      startedMs: 1_001,
      error: 'auth',
    },
  ];
  const failed = hedgedTrace({ attempts, marks: {}, outcome: 'failed' });
  const lines = await linesAfter(
    answeredRequest({ outcome: 'failed', error: 'auth', status: 502, trace: failed }),
    answeredRequest({ outcome: 'cancelled', status: undefined, answeredMs: undefined }),
    answeredRequest({
      outcome: 'failed',
      error: 'bad_input',
      status: 400,
      route: undefined,
      trace: undefined,
    }),
  );
  const requests = (labels: string) => `firstword_gateway_requests_total{${labels}} 1`;
  expect(lines).toContain(requests('route="fast",dialect="openai-chat",outcome="failed",code="auth"'));
  expect(lines).toContain(requests('route="fast",dialect="openai-chat",outcome="cancelled",code="none"'));
  expect(lines).toContain(
    requests('route="unknown",dialect="openai-chat",outcome="failed",code="bad_input"'),
  );
  expect(lines).toContain('firstword_gateway_attempt_failures_total{provider="a",model="m",code="auth"} 1');
  expect(lines.filter((line) => line.startsWith('firstword_gateway_answer_seconds_count'))).toEqual([]);
});

test('an answer that several clients share is one request to its model', async () => {
  const trace = hedgedTrace();
  const late = { ...answeredRequest({ trace }), receivedMs: 1_600, answeredMs: 1_601 };
  const lines = await linesAfter(answeredRequest({ trace }), late);
  const groq = 'route="fast",provider="groq",model="gpt-oss-120b"';
  expect(lines).toContain(`firstword_gateway_attempts_total{${groq},reason="hedge",outcome="won"} 1`);
  expect(lines).toContain(`firstword_gateway_tokens_total{${groq},type="prompt"} 900`);
  expect(lines).toContain(`firstword_gateway_ttft_seconds_count{${groq}} 2`);
  // The second one began after the first content: it waited for nothing.
  expect(lines).toContain(`firstword_gateway_ttft_seconds_sum{${groq}} 0.505`);
});

const statsOf = (fields: Partial<RouterStats['models'][number]>): RouterStats => ({
  requests: 0,
  extraRequests: 0,
  models: [
    {
      provider: 'groq',
      model: 'm',
      samples: 12,
      ttftP50Ms: 1,
      ttftP95Ms: 2,
      breaker: 'block',
      rateLimited: true,
      headroom: { requests: 3, tokens: 4_000 },
      ...fields,
    },
  ],
});
const routeOf = (name: string, stats: RouterStats): Route => ({
  name,
  router: { ...router({ models: [{ provider: 'x' } as never] }), stats: () => stats },
});

test('breakers, headroom and answers under way are those of the scrape; a removed route is gone', async () => {
  const metrics = new GatewayMetrics();
  const first = await metrics.text({ routes: [routeOf('fast', statsOf({}))], active: 3 });
  const labels = 'route="fast",provider="groq",model="m"';
  for (const line of [
    'firstword_gateway_active_answers 3',
    `firstword_gateway_breaker{${labels}} 2`,
    `firstword_gateway_rate_limited{${labels}} 1`,
    `firstword_gateway_headroom{${labels},unit="tokens"} 4000`,
    `firstword_gateway_learned_times{${labels}} 12`,
  ]) {
    expect(first.split('\n')).toContain(line);
  }
  const next = routeOf('other', statsOf({ breaker: 'probe', headroom: {} }));
  const second = await metrics.text({ routes: [next], active: 0 });
  expect(second).not.toContain('route="fast"');
  expect(second).toContain('firstword_gateway_breaker{route="other",provider="groq",model="m"} 1');
});

test('a shared store says how it is; without one there is no such metric', async () => {
  const stats = { isConnected: false, written: 7, refused: 1, received: 5, waiting: 2, dropped: 0 };
  const metrics = new GatewayMetrics({ store: { stats: () => stats } });
  const text = await metrics.text(NOW);
  expect(text).toContain('firstword_gateway_store_connected 0');
  expect(text).toContain('firstword_gateway_store_records{state="written"} 7');
  expect(await new GatewayMetrics().text(NOW)).not.toContain('firstword_gateway_store');
});

test('the number of series is bounded, whatever comes', async () => {
  const many = Array.from({ length: 2_000 }, (_, at) =>
    answeredRequest({
      route: `route-${at}`,
      trace: hedgedTrace({ provider: `provider-${at}`, model: 'x'.repeat(500) + at }),
    }),
  );
  const lines = (await linesAfter(...many)).filter((line) =>
    line.startsWith('firstword_gateway_ttft_seconds_count'),
  );
  expect(lines.length).toBeLessThan(300);
  expect(lines.join()).not.toContain('x'.repeat(81));
});
