import type { EmulatorOptions } from '@firstword/emulator';
import type { BenchRoute, GatewayArm, RunningGateway } from './arms/arm.js';
import { type LoadClient, startLoadClient } from './load/load.js';
import type { LoadTarget } from './load/messages.js';
import type { BlockTimes } from './overhead-figures.js';
import { treeCpuMs, treeResidentMb } from './process-cost.js';
import { startUpstream, type Upstream } from './upstream/upstream.js';

/** The answers of the emulated provider: all the same, so that what differs is what stands before it. */
export interface OverheadUpstream {
  firstContentMs: number;
  tokensPerSecond: number;
}

/** Options of the measurement at one number of streams. */
export interface OverheadLevel {
  streams: number;
  /** Rounds; in each, every arm runs one block. */
  rounds: number;
  /** Requests of each stream in a block that count. */
  perStream: number;
}

/** What one arm did at one level. */
export interface OverheadArm {
  name: string;
  version?: string;
  /** One list for each round, ms. */
  blocks: BlockTimes;
  answered: number;
  failed: number;
  failures: string[];
  /** CPU time of the gateway's processes, ms a request; absent where there is no process of its own. */
  cpuMsPerRequest?: number;
  /** CPU time of the client, ms a request: the same for all HTTP arms, or the client is part of the difference. */
  clientCpuMsPerRequest: number;
  /** Share of one core that the emulators used during this arm's blocks, 0 to 1. */
  upstreamLoad: number;
  /** Share of one core that the client used during this arm's blocks, 0 to 1. */
  clientLoad: number;
  requestsPerSecond: number;
  /** Resident memory of the gateway's processes after the last block, MB. */
  residentMb?: number;
}

/** The longest time of one block, ms. A saturated gateway then has fewer requests. */
const BLOCK_LIMIT_MS = 10_000;

const ROUTE: BenchRoute = { name: 'plain', primary: 'even', backup: 'even-backup' };
const VOICE_ROUTE: BenchRoute = { ...ROUTE, name: 'voice', holdUntilClause: true };

const emulatorOf = ({ firstContentMs: ms, tokensPerSecond }: OverheadUpstream): EmulatorOptions => ({
  profiles: ['even', 'even-backup'].map((name) => ({
    name,
    ttft: { p50Ms: ms, p95Ms: ms, maxMs: ms },
    source: 'synthetic: the same delay for every request',
  })),
  tokensPerSecond,
  promptCache: false,
});

/** An arm while it runs. */
interface Running {
  name: string;
  version?: string;
  target: LoadTarget;
  gateway?: RunningGateway;
}

const httpTarget = (name: string, gateway: RunningGateway, route: BenchRoute): LoadTarget => ({
  kind: 'http',
  name,
  url: `${gateway.baseUrl}/chat/completions`,
  headers: gateway.headersFor(route),
  body: gateway.bodyFor(route),
});

const directArm = (upstream: Upstream): Running => ({
  name: 'direct',
  target: {
    kind: 'http',
    name: 'direct',
    url: `${upstream.baseUrl()}/chat/completions`,
    headers: { authorization: 'Bearer any' },
    body: { model: ROUTE.primary },
  },
});

const routerArm = (upstream: Upstream, name: string, holdUntilClause: boolean): Running => ({
  name,
  target: {
    kind: 'router',
    name,
    baseUrl: upstream.baseUrl(),
    primary: ROUTE.primary,
    backup: ROUTE.backup,
    holdUntilClause,
  },
});

/** Counts of one arm, added up over its blocks. */
class ArmTotals {
  readonly blocks: number[][] = [];
  answered = 0;
  failed = 0;
  elapsedMs = 0;
  cpuMs = 0;
  clientCpuMs = 0;
  upstreamCpuMs = 0;
  readonly failures = new Set<string>();
}

async function runArmBlock(options: {
  arm: Running;
  index: number;
  totals: ArmTotals;
  level: OverheadLevel;
  firstQuestion: number;
  client: LoadClient;
  upstream: Upstream;
}): Promise<void> {
  const { arm, index, totals, level, client, upstream, firstQuestion } = options;
  const cpu = () => ({
    gateway: arm.gateway ? treeCpuMs(arm.gateway.pid) : 0,
    client: treeCpuMs(client.pid),
    upstream: treeCpuMs(upstream.pid),
  });
  const before = cpu();
  const { streams, perStream } = level;
  const result = await client.run({
    target: index,
    streams,
    perStream,
    limitMs: BLOCK_LIMIT_MS,
    firstQuestion,
  });
  const after = cpu();
  totals.blocks.push(result.timesMs);
  totals.answered += result.answered;
  totals.failed += result.failed;
  totals.elapsedMs += result.elapsedMs;
  totals.cpuMs += after.gateway - before.gateway;
  totals.clientCpuMs += after.client - before.client;
  totals.upstreamCpuMs += after.upstream - before.upstream;
  for (const failure of result.failures) totals.failures.add(failure);
}

function resultOf({ name, version, gateway }: Running, totals: ArmTotals): OverheadArm {
  const { blocks, answered, failed, elapsedMs, cpuMs, clientCpuMs, upstreamCpuMs, failures } = totals;
  const requests = Math.max(1, answered + failed);
  return {
    name,
    ...(version && { version }),
    blocks,
    answered,
    failed,
    failures: [...failures],
    ...(gateway && { cpuMsPerRequest: cpuMs / requests, residentMb: treeResidentMb(gateway.pid) }),
    clientCpuMsPerRequest: clientCpuMs / requests,
    upstreamLoad: upstreamCpuMs / elapsedMs,
    clientLoad: clientCpuMs / elapsedMs,
    requestsPerSecond: (1_000 * answered) / elapsedMs,
  };
}

async function runRounds(options: {
  arms: Running[];
  level: OverheadLevel;
  upstream: Upstream;
  client: LoadClient;
  progress: (round: number) => void;
  signal: AbortSignal;
}): Promise<OverheadArm[]> {
  const { arms, level, upstream, client, signal } = options;
  await client.setTargets(arms.map(({ target }) => target));
  const totals = arms.map(() => new ArmTotals());
  const perBlock = level.streams * (level.perStream + 1);
  let firstQuestion = 0;
  for (let round = 0; round < level.rounds && !signal.aborted; round += 1) {
    options.progress(round);
    // Each round starts with another arm, so that none always runs after the same one.
    for (let step = 0; step < arms.length; step += 1) {
      const index = (round + step) % arms.length;
      const arm = arms[index]!;
      await runArmBlock({ arm, index, totals: totals[index]!, level, firstQuestion, client, upstream });
      firstQuestion += perBlock;
    }
  }
  return arms.map((arm, index) => resultOf(arm, totals[index]!));
}

/**
 * Measures every arm at one number of streams: direct, each gateway, the router in the client's process. With `holding`, only
 * ours, with routes that hold the first clause for a voice, beside the same without.
 */
export async function measureOverhead(options: {
  gateways: readonly GatewayArm[];
  upstream: OverheadUpstream;
  level: OverheadLevel;
  holding: boolean;
  folder: string;
  onStarted: (name: string) => void;
  onMissing: (name: string, reason: string) => void;
  progress: (round: number) => void;
  signal: AbortSignal;
}): Promise<OverheadArm[]> {
  const { gateways, level, holding, folder, signal } = options;
  const upstream = await startUpstream([emulatorOf(options.upstream)]);
  const client = startLoadClient();
  const arms: Running[] = [directArm(upstream)];
  try {
    for (const { name, version, start } of gateways) {
      try {
        const [primaryUrl, backupUrl] = [upstream.baseUrl(), upstream.baseUrl()];
        const routes = holding ? [ROUTE, VOICE_ROUTE] : [ROUTE];
        const gateway = await start({ primaryUrl, backupUrl, routes, folder, signal });
        options.onStarted(name);
        arms.push({ name, version, gateway, target: httpTarget(name, gateway, ROUTE) });
        if (holding) {
          const voice = `${name}, voice`;
          arms.push({ name: voice, version, gateway, target: httpTarget(voice, gateway, VOICE_ROUTE) });
        }
      } catch (error) {
        signal.throwIfAborted();
        options.onMissing(name, (error as Error).message);
      }
    }
    arms.push(routerArm(upstream, 'router in process', false));
    if (holding) arms.push(routerArm(upstream, 'router in process, voice', true));
    return await runRounds({ arms, level, upstream, client, progress: options.progress, signal });
  } finally {
    await Promise.all(arms.map(({ gateway }) => gateway?.close()));
    client.close();
    upstream.close();
  }
}
