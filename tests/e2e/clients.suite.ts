import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENTS } from './clients/clients.js';
import { clientRoutes, type GatewayProcess, startGatewayProcess } from './clients/gateway-process.js';
import { type ClientResults, type InstalledClient, NotInstalled } from './clients/installed-clients.js';
import type { RecordedRequest } from './clients/recording-proxy.js';
import { type RecordedUpstream, startRecordedUpstream } from './clients/upstream.js';

/** Scenarios in which the provider fails. */
const FAILING = [
  'bad request',
  'rate limited',
  'unavailable',
  'unknown model',
  'error in the stream',
  'breaks off',
];
/** Scenarios whose results differ by design. */
const OWN = ['cancelled', 'models'];

let folder: string;
let direct: RecordedUpstream;
let behind: RecordedUpstream;
let gateway: GatewayProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstword-clients-'));
  [direct, behind] = await Promise.all([startRecordedUpstream(), startRecordedUpstream()]);
  gateway = await startGatewayProcess({ folder, config: { routes: clientRoutes(behind.baseUrl) } });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all([direct, behind].map((upstream) => upstream?.close()));
  await rm(folder, { recursive: true, force: true });
});

const only = (results: ClientResults, names: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(results).filter(([name]) => names(name)));
const isCompared = (name: string) => !FAILING.includes(name) && !OWN.includes(name);

/** Fields that the gateway may set or change, beside those that the client sent. */
const GATEWAY_FIELDS = ['stream_options'];

/** The request bodies that a provider got, without what the gateway may add. */
const bodiesOf = (requests: readonly RecordedRequest[]) =>
  requests
    .filter(({ path }) => /chat\/completions|messages/.test(path))
    .map(({ body }) =>
      Object.fromEntries(Object.entries(body as object).filter(([field]) => !GATEWAY_FIELDS.includes(field))),
    );

async function until(condition: () => boolean): Promise<void> {
  for (let waits = 0; waits < 100 && !condition(); waits += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(CLIENTS)('$name', ({ install, name: clientName }) => {
  let client: InstalledClient | undefined;
  let without: ClientResults;
  let through: ClientResults;
  let sent: { without: RecordedRequest[]; through: RecordedRequest[] };
  let aborted: { without: number; through: number };

  beforeAll(async () => {
    try {
      client = await install();
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error;
      console.warn(`NOT RUN: ${clientName} cannot be installed here: ${error.message}`);
      return;
    }
    for (const upstream of [direct, behind]) upstream.take();
    const before = { without: direct.stats().aborted, through: behind.stats().aborted };
    without = await client.run(direct.baseUrl);
    through = await client.run(gateway.baseUrl);
    sent = { without: direct.take(), through: behind.take() };
    await until(() => behind.stats().concurrent === 0 && direct.stats().concurrent === 0);
    aborted = {
      without: direct.stats().aborted - before.without,
      through: behind.stats().aborted - before.through,
    };
  });

  it('gets the same answers through the gateway', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    const compared = only(without, isCompared);
    expect(Object.keys(compared).length).toBeGreaterThan(3);
    for (const [name, result] of Object.entries(compared))
      expect(result, `${name} without the gateway`).not.toHaveProperty('raised');
    expect(only(through, isCompared)).toEqual(compared);
  });

  it('raises its own errors', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    const named = (name: string) => without[name] !== undefined;
    for (const name of ['bad request', 'rate limited', 'unknown model'].filter(named))
      expect(through[name], name).toEqual(without[name]);
    if (named('unavailable'))
      expect(withoutStatus(through.unavailable)).toEqual(withoutStatus(without.unavailable));
    for (const name of ['error in the stream', 'breaks off'].filter(named))
      expect(tellsFailure(through[name]), `${name}: ${JSON.stringify(through[name])}`).toBe(true);
  });

  it('cancels the request to the provider', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    expect(through.cancelled).toEqual(without.cancelled);
    expect(aborted.without).toBeGreaterThan(0);
    expect(aborted.through).toBe(aborted.without);
  });

  it('sends the provider what it sends it without the gateway', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    expect(bodiesOf(sent.through)).toEqual(bodiesOf(sent.without));
  });
});

/** A result without its HTTP status: a provider that is not available is a 503 to the gateway, and the gateway says 502. */
function withoutStatus(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result, (field, value) => (field === 'status' ? undefined : value)));
}

/** Whether a client was told that its answer is not complete: by an error, or by a finish reason other than `stop`. */
function tellsFailure(result: unknown): boolean {
  const { raised, errors, finish } = result as { raised?: string; errors?: unknown[]; finish?: string };
  return raised !== undefined || (errors?.length ?? 0) > 0 || (finish !== undefined && finish !== 'stop');
}
