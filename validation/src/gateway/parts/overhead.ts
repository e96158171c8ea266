import { median, percentile } from '@firstword/turn/statistics';
import { measureOverhead, type OverheadArm, type OverheadLevel } from '../overhead.js';
import { addedMs, type BlockTimes, shareOfAdded } from '../overhead-figures.js';
import { checkAtMost, type GatewayCheck, textTable, withInterval } from '../tables.js';
import type { GatewayBenchPart, GatewayBenchRun, GatewayPartResult } from './part.js';

const FIRST_CONTENT_MS = 100;
/** A slower speed where more streams are open, so that client, emulator and two cores are not what is measured. */
const tokensPerSecondAt = (streams: number) => (streams > 100 ? 25 : 100);
/** Added time to first content, ms: p50 and p99, by the most streams that it applies to. */
const TARGETS_MS: readonly [streams: number, p50: number, p99: number][] = [
  [1, 0.8, 2.5],
  [50, 0.8, 5],
  [Number.POSITIVE_INFINITY, 2, 15],
];
/** A process that uses more of a core than this may be what limits an arm. */
const BUSY = 0.85;
const ROUNDS = 20;
/** Peers whose added time ours must be at most a tenth of. */
const TENFOLD = ['litellm', 'portkey'];

function levelOf(streams: number, { quick, requests }: GatewayBenchRun): OverheadLevel {
  const wanted = requests ?? (quick ? Math.max(40, 2 * streams) : Math.max(600, 20 * streams));
  const rounds = quick ? 4 : ROUNDS;
  return { streams, rounds, perStream: Math.max(1, Math.round(wanted / rounds / streams)) };
}

function rowOf(arm: OverheadArm, direct: BlockTimes): string[] {
  const times = [...arm.blocks.flat()].sort((a, b) => a - b);
  const n = times.length;
  if (n === 0) return [arm.name, '0', ...Array<string>(8).fill('–'), String(arm.failed)];
  const added = (percent: number) =>
    arm.name === 'direct' ? '–' : withInterval(addedMs(arm.blocks, direct, percent), 2);
  const optional = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '–';
  return [
    arm.version && arm.name !== 'gateway' ? `${arm.name} ${arm.version}` : arm.name,
    String(n),
    percentile(times, 50).toFixed(1),
    added(50),
    added(99),
    arm.requestsPerSecond.toFixed(0),
    optional(arm.cpuMsPerRequest, 2),
    optional(arm.residentMb, 0),
    arm.clientLoad.toFixed(2),
    arm.upstreamLoad.toFixed(2),
    String(arm.failed),
  ];
}

const HEAD = [
  'arm',
  'n',
  'p50 ms',
  'added p50 ms',
  'added p99 ms',
  'req/s',
  'CPU ms/req',
  'MB',
  'client load',
  'upstream load',
  'failed',
];

const named = (arms: readonly OverheadArm[], name: string) => arms.find((arm) => arm.name === name);

function checksOf(streams: number, arms: readonly OverheadArm[]): GatewayCheck[] {
  const [direct, ours] = [named(arms, 'direct')!.blocks, named(arms, 'gateway')?.blocks];
  if (!ours || ours.flat().length === 0 || direct.flat().length === 0) return [];
  const [, p50, p99] = TARGETS_MS.find(([most]) => streams <= most)!;
  const at = `${streams} ${streams === 1 ? 'stream' : 'streams'}`;
  const limit = (percent: number, limitMs: number) =>
    checkAtMost({
      what: `${at}: added p${percent}, ms`,
      limit: limitMs,
      measured: addedMs(ours, direct, percent),
      digits: 2,
    });
  const bifrost = named(arms, 'bifrost')?.blocks;
  const noWorse = bifrost?.flat().length
    ? [50, 99].map((percent) =>
        checkAtMost({
          what: `${at}: p${percent} minus bifrost's, ms`,
          limit: 0,
          measured: addedMs(ours, bifrost, percent),
          digits: 2,
        }),
      )
    : [];
  const tenth = TENFOLD.flatMap((name) => {
    const peer = named(arms, name)?.blocks;
    if (!peer?.flat().length) return [];
    return checkAtMost({
      what: `${at}: added p50, of ${name}'s`,
      limit: 0.1,
      measured: shareOfAdded(ours, peer, direct, 50),
      digits: 3,
    });
  });
  return [limit(50, p50), limit(99, p99), ...noWorse, ...tenth];
}

/** Remarks about arms in which something else than the gateway may have been the limit. */
function remarksOf(arms: readonly OverheadArm[]): string[] {
  const direct = named(arms, 'direct')!;
  const directP50 = median(direct.blocks.flat());
  return [
    ...(directP50 !== undefined && directP50 > FIRST_CONTENT_MS + 5
      ? [`direct answers come ${(directP50 - FIRST_CONTENT_MS).toFixed(1)} ms late: the machine is too busy`]
      : []),
    ...arms.flatMap(({ name, clientLoad, upstreamLoad }) => [
      ...(clientLoad > BUSY ? [`${name}: the client used ${clientLoad.toFixed(2)} of a core`] : []),
      ...(upstreamLoad > BUSY ? [`${name}: the emulator used ${upstreamLoad.toFixed(2)} of a core`] : []),
    ]),
    ...arms.flatMap(({ name, failures }) => failures.map((failure) => `${name} failed: ${failure}`)),
  ];
}

async function runAt(streams: number, run: GatewayBenchRun, holding: boolean): Promise<GatewayPartResult> {
  const { ours, peers, folder, signal } = run;
  const missing: GatewayPartResult['missing'] = [];
  const level = levelOf(streams, run);
  const tokensPerSecond = run.tokensPerSecond ?? tokensPerSecondAt(streams);
  const arms = await measureOverhead({
    gateways: holding ? [ours] : [ours, ...peers],
    upstream: { firstContentMs: FIRST_CONTENT_MS, tokensPerSecond },
    level,
    holding,
    folder,
    onStarted: (name) => run.progress(`${streams} streams: ${name} has started`),
    onMissing: (name, reason) => missing.push({ name, reason }),
    progress: (round) => run.progress(`${streams} streams: round ${round + 1} of ${level.rounds}`),
    signal,
  });
  const direct = named(arms, 'direct')!.blocks;
  const title = `${streams} at a time; provider: first content after ${FIRST_CONTENT_MS} ms, then ${tokensPerSecond} tokens/s; ${level.rounds} interleaved rounds`;
  const rows = arms.map((arm) => rowOf(arm, direct));
  return {
    tables: [[title, textTable(HEAD, rows), ...remarksOf(arms)].join('\n')],
    checks: holding ? [] : checksOf(streams, arms),
    missing,
    data: { streams, level, tokensPerSecond, arms },
  };
}

async function runLevels(run: GatewayBenchRun, levels: readonly number[], holding: boolean) {
  const results: GatewayPartResult[] = [];
  for (const streams of levels) results.push(await runAt(streams, run, holding));
  return {
    tables: results.flatMap(({ tables }) => tables),
    checks: results.flatMap(({ checks }) => checks),
    missing: results.flatMap(({ missing }) => missing),
    data: results.map(({ data }) => data),
  };
}

/** What a gateway adds to the time to first content. */
export const overheadPart: GatewayBenchPart = {
  about: 'what each gateway adds to the time to first content, at 1, 50 and 200 streams; CPU and memory',
  run: (run) => runLevels(run, run.streams, false),
};

/** What holding the first clause for a voice costs. */
export const holdPart: GatewayBenchPart = {
  about: 'what a route for a voice adds: it holds the text until the first clause is complete',
  run: (run) => runLevels(run, [50], true),
};
