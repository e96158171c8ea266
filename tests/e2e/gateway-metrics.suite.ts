import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@firstword/emulator';
import { type Gateway, openStore, startGateway } from '@firstword/gateway';
import { openAiCompatible, router } from '@firstword/llm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEPLOY, HAS_PROMETHEUS, NO_PROMETHEUS, Prometheus, promtool } from './support/prometheus.js';

const RANGE = '5m';
const TOKEN = 'token-of-the-gateway-in-a-test';
/** Words that are sent to the gateway and must never be in a metric. */
const WORDS = 'my card is 4111 1111';

if (!HAS_PROMETHEUS) console.warn(NO_PROMETHEUS);

const dashboard = JSON.parse(await readFile(join(DEPLOY, 'grafana/dashboards/gateway.json'), 'utf8')) as {
  panels: { title: string; targets?: { expr: string }[] }[];
};
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);

/** The query that Grafana sends with everything selected. */
const resolved = (expr: string): string =>
  expr.replaceAll(/\$__rate_interval|\$__range/g, RANGE).replaceAll(/\$route|\$provider|\$model/g, '.*');

/** The emulated providers report neither cost nor a cache. */
const MAY_BE_EMPTY = /cost_dollars|type="cached"/;

const NAMES = /firstword_\w+/g;
const rulesFile = await readFile(join(DEPLOY, 'gateway/prometheus/rules.yml'), 'utf8');

describe.skipIf(!HAS_PROMETHEUS)('promtool on the files of deploy/gateway/', () => {
  it.each([
    ['check', 'rules', 'rules.yml'],
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ])('%s %s %s', async (...args) => {
    expect(await promtool('gateway/prometheus', ...args)).toContain('SUCCESS');
  });
});

/** A gateway with a route whose first model is often late or fails, and one whose only model is gone. */
async function openGateway(
  primary: Emulator,
  backup: Emulator,
): Promise<{ gateway: Gateway; close(): Promise<void> }> {
  // Nothing listens on port 1: the store is gone, and the gateway works all the same.
  const env = { VALKEY_URL: 'redis://127.0.0.1:1' };
  const store = await openStore({ valkey: {} }, { env, onStatus: () => {} });
  const model = (provider: string, baseUrl: string) =>
    openAiCompatible({ provider, model: 'gpt-4o-mini', baseUrl, apiKey: 'key-in-test' });
  const { memory } = store;
  const fast = router({
    models: [model('first', primary.url), model('second', backup.url)],
    hedge: { budget: 0.5, initialDelayMs: 150 },
    firstContentDeadlineMs: 400,
    memory,
  });
  const gone = router({ models: [model('gone', 'http://127.0.0.1:1/v1')], memory });
  const gateway = await startGateway({
    routes: [
      { name: 'fast', router: fast },
      { name: 'gone', router: gone },
    ],
    token: TOKEN,
    store,
  });
  return {
    gateway,
    close: async () => {
      await gateway.close();
      await store.close();
    },
  };
}

describe.skipIf(!HAS_PROMETHEUS)('a real gateway, scraped by a real Prometheus', () => {
  let dir: string;
  let prometheus: Prometheus | undefined;
  let emulators: Emulator[] = [];
  let opened: Awaited<ReturnType<typeof openGateway>> | undefined;
  let exposed: string;

  const ask = async (model: string, options: { leaveAfterMs?: number } = {}): Promise<number | undefined> => {
    const { leaveAfterMs } = options;
    const signal = leaveAfterMs === undefined ? undefined : AbortSignal.timeout(leaveAfterMs);
    try {
      const response = await fetch(`${opened!.gateway.url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({
          model,
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: 'user', content: `${WORDS}, ${Math.random()}` }],
        }),
        ...(signal ? { signal } : {}),
      });
      await response.text();
      return response.status;
    } catch {
      return undefined;
    }
  };
  const round = () =>
    Promise.all([
      ...Array.from({ length: 10 }, () => ask('fast')),
      ask('fast', { leaveAfterMs: 300 }),
      ask('gone'),
    ]);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firstword-gateway-'));
    const limits = [{ requestsPerMinute: 600, tokensPerMinute: 1_000_000, onExceeded: 'reject' as const }];
    emulators = await Promise.all([1, 2].map((seed) => startEmulator({ seed, limits })));
    emulators[0]!.setFaults({
      rules: [
        { every: 3, fault: { kind: 'http-error', status: 500 } },
        { every: 2, fault: { kind: 'straggler', delayMs: 5_000 } },
      ],
    });
    opened = await openGateway(emulators[0]!, emulators[1]!);
    const { host } = new URL(opened.gateway.origin);
    prometheus = await Prometheus.start({ folder: 'gateway/prometheus', dir, target: host, token: TOKEN });
    await prometheus.until('up{job="firstword-gateway"} == 1');
    const statuses = await round();
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    // A rate does not see the increment with which a counter appears.
    await prometheus.until('sum(firstword_gateway_requests_total) == 12');
    await round();
    await prometheus.until('sum(firstword_gateway_requests_total) == 24');
    await prometheus.untilTwice('firstword-gateway');
    const response = await fetch(`${opened.gateway.origin}/metrics`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    exposed = await response.text();
  });

  afterAll(async () => {
    await prometheus?.stop();
    await opened?.close();
    await Promise.all(emulators.map((emulator) => emulator.close()));
    await rm(dir, { recursive: true, force: true });
  });

  it('needs the token', async () => {
    expect((await fetch(`${opened!.gateway.origin}/metrics`)).status).toBe(401);
  });

  it('has counted every request by how it ended', async () => {
    const count = async (labels: string) =>
      Number((await prometheus!.query(`sum(firstword_gateway_requests_total{${labels}})`))[0]?.value[1]);
    expect(await count('route="fast",outcome="finished"')).toBe(20);
    expect(await count('route="fast",outcome="cancelled"')).toBe(2);
    expect(await count('route="gone",outcome="failed",code="connect_failed"')).toBe(2);
    const active = await prometheus!.query('sum(firstword_gateway_active_answers)');
    expect(Number(active[0]!.value[1])).toBe(0);
  });

  it.each(queries)('answers the dashboard’s “%s”: %s', async (_, expr) => {
    const found = await prometheus!.query(resolved(expr));
    if (MAY_BE_EMPTY.test(expr)) return;
    expect(found.filter(({ value }) => value[1] !== 'NaN')).not.toEqual([]);
  });

  it('exposes every metric that the dashboard and the rules use', () => {
    const used = new Set([...queries.map(([, expr]) => expr), rulesFile].join('\n').match(NAMES));
    const known = new Set([...exposed.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const unknown = [...used].filter(
      (name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unknown).toEqual([]);
  });

  it('has loaded all alert rules without errors', async () => {
    const { groups } = await prometheus!.api<{ groups: { rules: { health: string }[] }[] }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBe(rulesFile.match(/- alert:/g)!.length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('has no word and no key in a metric', () => {
    expect(exposed).not.toContain('4111');
    expect(exposed).not.toContain(TOKEN);
    expect(exposed).not.toContain('key-in-test');
  });
});
