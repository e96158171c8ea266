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
  gateway = await startGatewayProcess({
    folder,
    config: { routes: clientRoutes(behind.baseUrl), defaults: { hedge: { budget: 0 } } },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all([direct, behind].map((upstream) => upstream?.close()));
  await rm(folder, { recursive: true, force: true });
});

const only = (results: ClientResults, names: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(results).filter(([name]) => names(name)));
const isCompared = (name: string) => !FAILING.includes(name) && !OWN.includes(name);

/** Fields that the gateway sets: it always asks for a stream and for the usage. */
const GATEWAY_FIELDS = ['stream', 'stream_options'];
/** Models that answer. The gateway asks others again when they fail. */
const HEALTHY = ['plain', 'slow', 'claude', 'claude-slow'];

/** The different request bodies that healthy models got, without the fields that the gateway sets. */
function bodiesOf(requests: readonly RecordedRequest[]): object[] {
  const bodies = requests
    .map(({ body }) => body as { model?: string })
    .filter(({ model }) => HEALTHY.includes(model ?? ''))
    .map((body) =>
      Object.fromEntries(Object.entries(body).filter(([field]) => !GATEWAY_FIELDS.includes(field))),
    );
  return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
}

async function until(condition: () => boolean): Promise<void> {
  for (let waits = 0; waits < 100 && !condition(); waits += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(CLIENTS)('$name', ({ install, name: clientName }) => {
  let client: InstalledClient | undefined;
  let without: ClientResults;
  let through: ClientResults;
  let sent: { without: RecordedRequest[]; through: RecordedRequest[] };
  let aborted: number;

  beforeAll(async () => {
    try {
      client = await install();
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error;
      console.warn(`NOT RUN: ${clientName} cannot be installed here: ${error.message}`);
      return;
    }
    for (const upstream of [direct, behind]) upstream.take();
    without = await client.run(direct.baseUrl);
    through = await client.run(gateway.baseUrl);
    sent = { without: direct.take(), through: behind.take() };
    await until(() => behind.stats().concurrent === 0);
    const before = behind.stats().aborted;
    await client.run(gateway.baseUrl, ['cancelled']);
    await until(() => behind.stats().concurrent === 0);
    aborted = behind.stats().aborted - before;
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
      expect(statusesOf(through.unavailable)).toEqual(statusesOf(without.unavailable));
    for (const name of ['error in the stream', 'breaks off'].filter(named))
      expect(tellsFailure(through[name]), `${name}: ${JSON.stringify(through[name])}`).toBe(true);
  });

  it('cancels the request to the provider', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    expect(through.cancelled).toEqual(without.cancelled);
    expect(aborted).toBe(1);
    expect(behind.stats().concurrent).toBe(0);
  });

  it('sends the provider what it sends it without the gateway', (context) => {
    if (!client) return context.skip('it cannot be installed here');
    expect(bodiesOf(sent.through)).toEqual(bodiesOf(sent.without));
  });
});

/** A provider that is not available is a 503 to the gateway, and the gateway says 502: both are the SDKs' class for a server's error. */
function statusesOf(result: unknown): unknown {
  const text = JSON.stringify(result)
    .replaceAll('"status":503', '"status":502')
    .replaceAll('ServiceUnavailableError', 'InternalServerError');
  return JSON.parse(text);
}

/** Whether a client was told that its answer is not complete: by an error, or by a finish reason other than `stop`. */
function tellsFailure(result: unknown): boolean {
  const { raised, errors, finish } = result as { raised?: string; errors?: unknown[]; finish?: string };
  return raised !== undefined || (errors?.length ?? 0) > 0 || (finish !== undefined && finish !== 'stop');
}
