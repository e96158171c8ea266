import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serverNotes, serversTable } from '../render/servers.js';
import { simulatedRun } from '../testing/simulated-run.js';
import { parseExposition } from './exposition.js';
import { metricsUrl, readTotals } from './read-totals.js';
import { totalsOf } from './totals.js';
import { splitTtft } from './ttft-breakdown.js';
import { withServerMetrics } from './with-server-metrics.js';

const MODEL = 'Qwen/Qwen2.5-7B-Instruct';

/** Metrics as vLLM names them: `n` requests of 10 ms queue, 30 ms prefill and 45 ms to the first token each. */
const vllmText = (
  n: number,
  model = MODEL,
) => `# HELP vllm:time_to_first_token_seconds Histogram of time to first token in seconds.
# TYPE vllm:time_to_first_token_seconds histogram
vllm:time_to_first_token_seconds_bucket{engine="0",le="0.04",model_name="${model}"} 0.0
vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="${model}"} ${n}.0
vllm:time_to_first_token_seconds_count{engine="0",model_name="${model}"} ${n}.0
vllm:time_to_first_token_seconds_sum{engine="0",model_name="${model}"} ${n * 0.045}
vllm:request_queue_time_seconds_count{engine="0",model_name="${model}"} ${n}.0
vllm:request_queue_time_seconds_sum{engine="0",model_name="${model}"} ${n * 0.01}
vllm:request_prefill_time_seconds_count{engine="0",model_name="${model}"} ${n}.0
vllm:request_prefill_time_seconds_sum{engine="0",model_name="${model}"} ${n * 0.03}
vllm:prefix_cache_queries_total{engine="0",model_name="${model}"} ${n * 1000}.0
vllm:prefix_cache_hits_total{engine="0",model_name="${model}"} ${n * 800}.0
vllm:num_preemptions_total{engine="0",model_name="${model}"} 2.0
vllm:num_requests_waiting{engine="0",model_name="${model}"} 0.0
`;

/** Metrics as returned by build 11549 of llama.cpp's server. */
const llamaText = (
  seconds: number,
) => `# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed, excluding cached tokens
# TYPE llamacpp:prompt_tokens_total counter
llamacpp:prompt_tokens_total ${seconds * 100}
# HELP llamacpp:prompt_tokens_cached_total Number of prompt tokens reused from the cache
# TYPE llamacpp:prompt_tokens_cached_total counter
llamacpp:prompt_tokens_cached_total ${seconds * 300}
# HELP llamacpp:prompt_seconds_total Total time spent processing prompts
# TYPE llamacpp:prompt_seconds_total counter
llamacpp:prompt_seconds_total ${seconds}
# HELP llamacpp:requests_deferred Number of requests deferred
# TYPE llamacpp:requests_deferred gauge
llamacpp:requests_deferred 1
`;

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A /metrics endpoint that returns these answers in order, and repeats the last one. */
async function metricsServer(answers: readonly { status?: number; text: string }[]): Promise<string> {
  let asked = 0;
  const server = createServer((request, response) => {
    const { status = 200, text } = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    response.writeHead(request.url === '/metrics' ? status : 404).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const { signal } = new AbortController();

describe('the text format', () => {
  it('has names, labels and values; anything else is skipped', () => {
    const text = 'a{b="x\\"y\\\\z\\n",le="+Inf"} +Inf\nc 1.5e-3 1700000000000\n# HELP c\n<html>\n\nd{ 3';
    expect(parseExposition(text)).toEqual([
      { name: 'a', labels: { b: 'x"y\\z\n', le: '+Inf' }, value: Number.POSITIVE_INFINITY },
      { name: 'c', labels: {}, value: 0.0015 },
    ]);
  });

  it('may be one JSON string, as some builds of llama.cpp return it', () => {
    expect(totalsOf(parseExposition(JSON.stringify(llamaText(3))), 'any')).toEqual({
      engine: 'llama.cpp',
      prefillMs: 3000,
      cacheQueriesTokens: 1200,
      cacheHitsTokens: 900,
      waitingNow: 1,
    });
  });
});

describe('a server’s totals', () => {
  it('are those of the requested model, or of all models where none has its name', () => {
    const both = parseExposition(vllmText(10) + vllmText(5, 'other'));
    expect(totalsOf(both, MODEL)).toMatchObject({ engine: 'vllm', firstTokens: 10, preemptions: 2 });
    expect(totalsOf(both, 'an alias')).toMatchObject({ firstTokens: 15 });
    expect(totalsOf(parseExposition('up 1'), MODEL)).toBeUndefined();
  });

  it('split the time to first content into parts that add up', () => {
    const [before, after] = [10, 110].map((n) => totalsOf(parseExposition(vllmText(n)), MODEL)!);
    const found = splitTtft(before!, after!, { requests: 100, ttftMs: 60 });
    expect(found).toMatchObject({ engine: 'vllm', serverRequests: 100, cacheHitShare: 0.8, preemptions: 0 });
    const parts = [found.networkMs!, found.overheadMs!, found.queueMs!, found.prefillMs!];
    expect(parts.map(Math.round)).toEqual([15, 5, 10, 30]);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(60, 9);
  });

  it('give no times where the server was restarted in between', () => {
    const [before, after] = [110, 10].map((n) => totalsOf(parseExposition(vllmText(n)), MODEL)!);
    expect(splitTtft(before!, after!, { requests: 100, ttftMs: 60 })).toEqual({
      engine: 'vllm',
      requests: 100,
      clientMs: 60,
      preemptions: 0,
    });
  });

  it('of llama.cpp are divided among the client’s requests', () => {
    const [before, after] = [1, 3].map((seconds) => totalsOf(parseExposition(llamaText(seconds)), 'm')!);
    const found = splitTtft(before!, after!, { requests: 50, ttftMs: 55 });
    expect([found.prefillMs, found.networkMs, found.queueMs]).toEqual([40, 15, undefined]);
    expect(found.cacheHitShare).toBe(0.75);
  });
});

describe('reading over the network', () => {
  it('derives the metrics URL from a base URL', () => {
    expect(metricsUrl('http://gpu:8000/v1')).toBe('http://gpu:8000/metrics');
    expect(metricsUrl('http://gpu:8000/v1/')).toBe('http://gpu:8000/metrics');
    expect(metricsUrl('https://host/llm/v1?x=1')).toBe('https://host/llm/metrics');
  });

  it.each([
    ['no metrics at all', { text: '<html>' }, /has no metrics of vLLM or llama\.cpp/],
    ['a refusal', { status: 501, text: 'no' }, /answered 501.*--metrics/],
  ])('rejects %s', async (_what, answer, message) => {
    const baseUrl = await metricsServer([answer]);
    await expect(readTotals({ baseUrl, model: MODEL, signal })).rejects.toThrow(message);
  });

  it('splits the TTFT of a run, and keeps the run where metrics cannot be read', async () => {
    const target = `vllm:${MODEL}`;
    const run = simulatedRun({ arms: [{ target, ttft: { p50Ms: 60, p95Ms: 60 } }], requests: 40, seed: 1 });
    const baseUrl = await metricsServer([{ text: vllmText(0) }, { text: vllmText(40) }]);
    const dead = { target: 'vllm:dead', baseUrl: 'http://127.0.0.1:1/v1', model: 'dead' };
    const found = await withServerMetrics([{ target, baseUrl, model: MODEL }, dead], {
      signal,
      run: async () => run,
    });
    expect(found.run).toBe(run);
    expect(serversTable(found.serverReports)!.rows).toEqual([
      [target, '40', '60', '15', '5', '10', '30', '80 %'],
    ]);
    expect(serverNotes(found.serverReports)).toEqual([
      expect.stringMatching(/^vllm:dead: no server metrics: http:\/\/127\.0\.0\.1:1\/metrics cannot be read/),
    ]);
  });

  it('counts only requests between the readings: a resumed run has older samples', async () => {
    const target = `vllm:${MODEL}`;
    const run = simulatedRun({ arms: [{ target, ttft: { p50Ms: 60, p95Ms: 60 } }], requests: 40, seed: 1 });
    const baseUrl = await metricsServer([{ text: vllmText(100) }, { text: vllmText(110) }]);
    const earlier = new Set(run.samples.slice(0, 30).map(({ index }) => index));
    const { serverReports } = await withServerMetrics([{ target, baseUrl, model: MODEL }], {
      signal,
      run: async () => run,
      earlier,
    });
    expect(serverReports[0]!.ttftBreakdown).toMatchObject({ requests: 10, serverRequests: 10 });
    expect(serverNotes(serverReports)).toEqual([]);
  });
});
