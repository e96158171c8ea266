import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAiCompatible, router } from '@firstword/llm';
import { emulateApart, measure, plainUndici, throughModel } from './arms.js';
import type { BenchFigure } from './figures.js';
import { type Bench, type BenchRun, sleep, Unavailable } from './run.js';
import { added, estimate, interval, percentileOf, show } from './stats.js';

const VERSION = '1.15.2';
/**
 * Installed outside the repository, never a dependency of it. Portkey's version ranges admit later releases that
 * break it: with @hono/node-server 1.14 and later, each of its streams ends in "TypeError: immutable".
 */
const FOLDER = join(tmpdir(), `firstword-bench-portkey-${VERSION}`);
const MANIFEST = {
  private: true,
  dependencies: { '@portkey-ai/gateway': VERSION },
  overrides: { hono: '4.9.7', '@hono/node-server': '1.13.2' },
};
const START = join(FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js');

async function install(signal: AbortSignal): Promise<void> {
  if (existsSync(START)) return;
  console.log(`  installing @portkey-ai/gateway ${VERSION} into ${FOLDER}`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), JSON.stringify(MANIFEST));
  const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
  const options = { cwd: FOLDER, signal, timeout: 120_000, shell: process.platform === 'win32' };
  await promisify(execFile)('npm', flags, options).catch((cause: Error) => {
    const why = cause.message.trim().split('\n').at(-1);
    throw new Unavailable(`@portkey-ai/gateway ${VERSION} cannot be installed here (${why})`);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Portkey in its own process, started like its own command does. */
async function startPortkey(signal: AbortSignal) {
  const port = await freePort();
  const child = spawn(process.execPath, [START, `--port=${port}`, '--headless'], {
    cwd: FOLDER,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: 'ignore',
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let waits = 0; waits < 150 && child.exitCode === null && !signal.aborted; waits += 1) {
    const up = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (up) return { origin, close: () => child.kill() };
    await sleep(100, signal);
  }
  child.kill();
  throw new Unavailable(`@portkey-ai/gateway ${VERSION} is installed and does not start`);
}

/** Plain undici to the emulator, undici through Portkey, and the router instead of undici. */
async function runPortkey(run: BenchRun): Promise<BenchFigure[]> {
  const { signal } = run;
  await install(signal);
  const [server, portkey] = await Promise.all([emulateApart([{ profile: 'instant' }]), startPortkey(signal)]);
  const baseUrl = server.urls[0]!;
  const models = ['a', 'b'].map((provider) => openAiCompatible({ provider, model: 'instant', baseUrl }));
  const through = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': baseUrl,
    authorization: 'Bearer any',
  };
  const arms = [
    plainUndici('direct', baseUrl),
    throughModel('router', router({ models, holdUntilClause: false, hedge: { budget: 0 } })),
    plainUndici('Portkey', `${portkey.origin}/v1`, through),
  ];
  try {
    const requests = run.requests ?? (run.quick ? 400 : 1_000);
    await measure(arms, { requests: 200, streams: 4, signal });
    await measure(arms, { requests, streams: 4, signal, progress: run.progress });
  } finally {
    await Promise.all(arms.map(({ close }) => close()));
    portkey.close();
    server.close();
  }
  const [direct, routed, gateway] = arms.map(({ times }) => times) as [number[], number[], number[]];
  const n = direct.length;
  for (const { name, times } of arms) {
    console.log(
      `  ${name.padEnd(8)} p50 ${show(estimate(times, 50), 2)}  p99 ${show(estimate(times, 99), 2)} ms`,
    );
  }
  const adds = (name: string, arm: number[]): BenchFigure => ({
    name: `${name}, added p50`,
    measured: added(arm, direct, 50),
    unit: 'ms',
    digits: 2,
    n,
  });
  const share = interval([direct, routed, gateway], ([a, b, c]) => {
    const [base, mine, theirs] = [a, b, c].map((times) => percentileOf(times!, 50));
    return (mine! - base!) / (theirs! - base!);
  });
  return [
    adds('router', routed),
    adds(`Portkey ${VERSION}`, gateway),
    {
      name: 'router, of what Portkey adds',
      target: 0.2,
      measured: share,
      unit: '',
      digits: 3,
      n,
    },
  ];
}

/** The router's overhead compared with Portkey's gateway. */
export const portkey: Bench = {
  about: `what the router adds, against @portkey-ai/gateway ${VERSION} (installed once into the temporary folder)`,
  seconds: [45, 18],
  run: runPortkey,
};
