import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { FirstwordError, unknownName } from '@firstword/turn';
import { openTemporaryFolder } from '@firstword/turn/store';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { ownGateway, peersNamed } from './arms/index.js';
import { failoverPart } from './parts/failover.js';
import { faultsPart } from './parts/faults.js';
import { holdPart, overheadPart } from './parts/overhead.js';
import type { GatewayBenchPart, GatewayPartResult } from './parts/part.js';
import { soakPart } from './parts/soak.js';
import { stragglersPart } from './parts/stragglers.js';
import { ServerUnavailable } from './server-process.js';
import { textTable } from './tables.js';

const PARTS: Record<string, GatewayBenchPart> = {
  overhead: overheadPart,
  hold: holdPart,
  faults: faultsPart,
  stragglers: stragglersPart,
  soak: soakPart,
  failover: failoverPart,
};

const HELP = `Usage: npm run bench:gateway -- [part…] [options]

Measures firstword gateway on emulated providers on loopback: every gateway, the client and the providers are processes of
their own, and the arms take turns in short blocks. Without a part, all run. Other load on the machine shows in the figures.

${Object.entries(PARTS)
  .map(([name, { about }]) => `  ${name.padEnd(11)} ${about}`)
  .join('\n')}

Options:
  --peers NAMES        measure other gateways beside it: bifrost, litellm, portkey. They are installed into the cache
                       folder the first time (Go module proxy, PyPI, npm: 1 GB with LiteLLM)
  --streams N,N,…      numbers of streams in overhead (1,50,200)
  --tokens-per-second N  speed of the emulated answers in overhead and hold (100; 25 above 100 streams)
  --requests N         requests of each arm, in overhead, hold, stragglers (5000) and soak (100000)
  --seeds N            tries of each fault (4); the seed of stragglers (1)
  --quick              few requests: shows that the bench works
  --json FILE          write everything that was measured
  --help

Examples:
  npm run bench:gateway -- overhead --streams 1,50 --peers bifrost,litellm,portkey
  npm run bench:gateway -- soak --requests 5000

Exits with 0 if every target is met, 1 if one is missed, 2 for invalid options, 130 on Ctrl-C.`;

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: '' },
    streams: { type: 'string', default: '1,50,200' },
    'tokens-per-second': { type: 'string' },
    requests: { type: 'string' },
    seeds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

/** @throws FirstwordError `bad_input` for what is no whole number of at least 1 */
function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new FirstwordError('bad_input', `--${name} takes whole numbers of at least 1, not "${text}"`);
  return value;
}

const optionalNumber = (name: 'requests' | 'seeds' | 'tokens-per-second') =>
  values[name] === undefined ? undefined : wholeNumber(name, values[name]);

function chosenParts(): string[] {
  for (const name of positionals)
    if (!Object.hasOwn(PARTS, name)) throw unknownName('part', name, Object.keys(PARTS));
  return positionals.length > 0 ? positionals : Object.keys(PARTS);
}

/** Usage problems exit with 2, before anything is started. */
function readRun() {
  try {
    const missing: GatewayPartResult['missing'] = [];
    const peers = peersNamed(values.peers, { onMissing: (name, reason) => missing.push({ name, reason }) });
    return {
      missing,
      names: chosenParts(),
      settings: {
        peers,
        quick: values.quick,
        streams: values.streams.split(',').map((text) => wholeNumber('streams', text)),
        requests: optionalNumber('requests'),
        seeds: optionalNumber('seeds'),
        tokensPerSecond: optionalNumber('tokens-per-second'),
      },
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help for usage.\n`);
    process.exit(2);
  }
}

const clearLine = process.stderr.isTTY ? '\r\u001b[K' : '';
let lastProgressMs = Number.NEGATIVE_INFINITY;
/** One line on a terminal; elsewhere one every ten seconds. */
function progress(text: string): void {
  const nowMs = performance.now();
  if (nowMs - lastProgressMs < (process.stderr.isTTY ? 100 : 10_000)) return;
  lastProgressMs = nowMs;
  process.stderr.write(process.stderr.isTTY ? `${clearLine}${text}` : `${text}\n`);
}

await runToEnd(async () => {
  if (process.platform !== 'linux')
    throw new FirstwordError('bad_input', 'this bench reads /proc: run it on Linux');
  const { missing, names, settings } = readRun();
  const stop = new AbortController();
  const onStop = () => stop.abort(new FirstwordError('aborted', 'stopped'));
  process.once('SIGINT', onStop).once('SIGTERM', onStop);
  const { signal } = stop;
  const folder = await openTemporaryFolder({ purpose: 'gateway-bench' });
  const results: Record<string, GatewayPartResult> = {};
  const conditions = { node: process.version, cores: availableParallelism(), loadBefore: loadavg() };
  try {
    for (const name of names) {
      results[name] = await PARTS[name]!.run({
        ...settings,
        ours: ownGateway,
        folder: folder.path,
        progress,
        signal,
      });
      missing.push(...results[name].missing);
      process.stderr.write(clearLine);
      process.stdout.write(`\n${name}\n${results[name].tables.join('\n\n')}\n`);
    }
  } catch (error) {
    if (error instanceof ServerUnavailable)
      throw new FirstwordError('internal', error.message, { cause: error });
    throw error;
  } finally {
    await folder.remove();
  }
  const checks = Object.values(results).flatMap((result) => result.checks);
  const rows = checks.map(({ what, target, measured, verdict }) => [what, target, measured, verdict]);
  process.stdout.write(`\n${textTable(['target', 'wanted', 'measured [95 %]', 'verdict'], rows)}\n`);
  const notMeasured = new Map(missing.map(({ name, reason }) => [name, reason]));
  for (const [name, reason] of notMeasured) process.stdout.write(`not measured: ${name}: ${reason}\n`);
  process.stdout.write(
    `Node ${conditions.node}, ${conditions.cores} cores, load before ${conditions.loadBefore.map((load) => load.toFixed(1)).join(' ')}\n`,
  );
  if (values.json) {
    const file = resolve(process.env.INIT_CWD ?? '.', values.json);
    const missed = [...notMeasured].map(([name, reason]) => ({ name, reason }));
    await writeFile(
      file,
      `${JSON.stringify({ ...conditions, checks, missing: missed, results }, null, 1)}\n`,
    );
  }
  const ownMissing = notMeasured.has(ownGateway.name);
  if (ownMissing || checks.some(({ verdict }) => verdict.startsWith('missed'))) process.exitCode = 1;
});
