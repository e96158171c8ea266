import { join } from 'node:path';
import { drawTtftMs, findProfile } from '@firstword/emulator';
import {
  type BenchPlan,
  type BenchSample,
  benchReport,
  type EmulatorProcess,
  executeRun,
  prepareRun,
  type RunFile,
  startEmulatorProcess,
} from '@firstword/provider-bench';
import { ascending, percentile, seededRandom } from '@firstword/turn/statistics';
import { openTemporaryFolder } from '@firstword/turn/store';
import { hedgeChecks } from './hedge.js';
import type { TruthCheck } from './table.js';

const SEED = 11;
/** A profile with little spread: its response times are far below any straggler's. */
const STEADY = 'vllm-qwen2.5-7b-c64';
/** A profile without reasoning output: only the drawn TTFT determines its phases. */
const SPREAD = 'cerebras-kimi-k2.6';
const EVERY = 10;
const WARM_UPS = 10;
const TURNS = 200;
/** When the emulator sends each phase, as a share of the TTFT. The role chunk at 0.9 is empty and not a delta. */
const SENT_AT = { headersMs: 0.8, firstDeltaMs: 1, firstContentMs: 1 } as const;
const WITHIN_MS = 1;

const PLAN: BenchPlan = {
  targets: [`emulated:${STEADY}`, `emulated:${SPREAD}`],
  turns: TURNS,
  warmUps: WARM_UPS,
  perSecond: 20,
  seed: SEED,
  languages: ['en'],
  modes: [{ mode: 'warm' }],
  prefixes: ['stable'],
  bodyEncodings: [],
  efforts: [],
  concurrencies: [1],
  systemTokens: 300,
  historyTurns: 4,
  maxCompletionTokens: 40,
  timeoutMs: 15_000,
  budget: {},
};

async function measure(emulator: EmulatorProcess, signal: AbortSignal): Promise<RunFile> {
  const folder = await openTemporaryFolder({ purpose: 'truth' });
  try {
    const prepared = await prepareRun(PLAN, { signal });
    return await executeRun({
      prepared,
      file: join(folder.path, 'run.json'),
      version: 'truth',
      emulator,
      signal,
    });
  } finally {
    await folder.remove();
  }
}

/** The TTFTs in the order in which the emulator draws them, which is the order in which requests arrive. */
function drawnMs(profile: string, count: number): number[] {
  const random = seededRandom(SEED, 'ttft', profile);
  return Array.from({ length: count }, () => drawTtftMs(findProfile(profile)!.ttft, random));
}

function phaseCheck(samples: readonly BenchSample[]): TruthCheck[] {
  const drawn = drawnMs(SPREAD, samples.length);
  return Object.entries(SENT_AT).map(([phase, share]) => {
    const off = samples.flatMap(({ phases, machine, error }, at) => {
      const seenMs = phases[phase as keyof typeof SENT_AT];
      if (seenMs === undefined || error || machine.contaminated.length > 0) return [];
      return [Math.abs(seenMs - (phases.requestSentMs ?? 0) - share * drawn[at]!)];
    });
    const sorted = ascending(off);
    const p50 = percentile(sorted, 50);
    const p95 = percentile(sorted, 95);
    return {
      figure: `${phase}: median error of ${off.length} uncontaminated samples (p95 ${p95.toFixed(2)} ms)`,
      expected: `≤ ${WITHIN_MS} ms`,
      measured: `${p50.toFixed(2)} ms`,
      isMet: p50 <= WITHIN_MS,
    };
  });
}

function stragglerCheck(run: RunFile): TruthCheck {
  const made = Math.floor((TURNS + WARM_UPS) / EVERY) - Math.floor(WARM_UPS / EVERY);
  const found = benchReport(run).arms.find(({ arm }) => arm.target === `emulated:${STEADY}`)?.stragglers
    ?.count;
  return {
    figure: `stragglers, injected in one of ${EVERY} of ${TURNS} requests`,
    expected: String(made),
    measured: String(found),
    isMet: found === made,
  };
}

/** The checks on real sockets: phases, stragglers, and the router actually hedging. */
export async function socketChecks(options: {
  requests: number;
  signal: AbortSignal;
  say: (line: string) => void;
}): Promise<TruthCheck[]> {
  const { requests, signal, say } = options;
  const straggler = { kind: 'straggler', delayMs: 1500 } as const;
  const emulator = await startEmulatorProcess({
    seed: SEED,
    promptCache: false,
    faults: { rules: [{ profile: STEADY, every: EVERY, fault: straggler }] },
  });
  say(`phases and stragglers: ${2 * (TURNS + WARM_UPS)} requests at ${PLAN.perSecond} a second …`);
  const run = await measure(emulator, signal).finally(() => emulator.close());
  if (run.partial) say(run.partial.message);
  const spread = run.samples.filter(({ armId }) => armId.includes(SPREAD));
  const checks = [...phaseCheck(spread), stragglerCheck(run)];
  return signal.aborted ? checks : [...checks, ...(await hedgeChecks({ requests, signal, say }))];
}
