import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type RealtimeResponseTruth,
  type RealtimeWire,
  startRealtimeEmulator,
  transcriptRecognizer,
} from '@firstword/emulator/realtime';
import { realtimeProbe } from '@firstword/livekit/speech-probe';
import { DEFAULT_PLAN, executeRun, percentilesOf, prepareRun } from '@firstword/provider-bench';
import { trueQuantileMs } from '@firstword/provider-bench/testing';
import { type RealtimeMeasurement, type SpeechProbe, systemClock } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';

/** The distribution that the emulator draws from, ms. */
export const GENERATION = { p50Ms: 350, p95Ms: 700, maxMs: 1500 };
const RTT_MS = 40;
const LINE_MS = 1000;
/** GPT-Live's audio comes in pieces of this length, at their pace: an answer begins with the next one, ms. */
const PIECE_MS: Partial<Record<RealtimeWire, number>> = { 'gpt-live': 40 };
const PERCENTS = [50, 90, 95] as const;

/** What the bench found at one wire. Times in ms. */
export interface WireResult {
  wire: RealtimeWire;
  turns: number;
  failures: number;
  contaminated: number;
  connectionP50Ms: number;
  sessionP50Ms: number;
  /** Between the first audio as measured, and as sent by the emulator: absolute. */
  offP50Ms: number;
  offP95Ms: number;
  percentiles: { percent: number; trueMs: number; valueMs: number; interval: string; isHeld: boolean }[];
}

const AUDIO = Int16Array.from({ length: (LINE_MS * 16_000) / 1000 }, (_, i) =>
  Math.round(8000 * Math.sin(i / 8)),
);

const rounded = (ms: number) => Math.round(10 * ms) / 10;
const quantile = (values: readonly number[], percent: number) =>
  values.length === 0 ? Number.NaN : rounded(percentile(ascending(values), percent));

/** The answer that was sent last before this audio arrived. */
function truthOf(truths: readonly RealtimeResponseTruth[], firstAudioMs: number) {
  return truths
    .filter(({ firstContentMs }) => firstContentMs !== undefined && firstContentMs <= firstAudioMs)
    .sort((a, b) => b.firstContentMs! - a.firstContentMs!)[0];
}

/** The probe of the bench; what it measures is added to `measured`. */
async function keptProbe(
  name: string,
  options: { wire: RealtimeWire; baseUrl: string; measured: RealtimeMeasurement[] },
): Promise<SpeechProbe> {
  const { wire, baseUrl, measured } = options;
  const probe = realtimeProbe({
    name,
    wire,
    server: { baseUrl, apiKey: 'any' },
    settings: {},
    audio: AUDIO,
    clock: systemClock,
    timeoutMs: 15_000,
  });
  return {
    ...probe,
    measure: async (given) => {
      const one = await probe.measure(given);
      measured.push(one as RealtimeMeasurement);
      return one;
    },
  };
}

/** Measures one emulated wire with the bench as it is. */
export async function measuredWire(options: {
  wire: RealtimeWire;
  turns: number;
  pace: number;
  seed: number;
}): Promise<WireResult> {
  const { wire, turns, pace, seed } = options;
  const { signal } = new AbortController();
  const emulator = await startRealtimeEmulator({
    seed,
    rttMs: RTT_MS,
    answers: () => 'Yes, of course.',
    recognizer: transcriptRecognizer([{ text: 'Are you open today?', ms: LINE_MS }], { repeats: true }),
    profile: {
      name: 'known',
      model: 'known',
      generation: GENERATION,
      source: 'made up',
      createdMs: 30,
      // GPT-Live's plugin does not pass on pieces that are silence.
      leadingSilenceMs: wire === 'gpt-live' ? 0 : 50,
      audioSpeed: 4,
      transcriptMs: 200,
      synthetic: true,
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'firstword-realtime-bench-'));
  const measured: RealtimeMeasurement[] = [];
  try {
    const target = `realtime:${wire}@${emulator.urls[wire]}`;
    const plan = {
      ...DEFAULT_PLAN,
      targets: [target],
      turns,
      warmUps: 0,
      perSecond: pace,
      seed,
      speech: { text: 'x', lineMs: LINE_MS },
    };
    const openProbe = () => keptProbe(target, { wire, baseUrl: emulator.urls[wire], measured });
    const prepared = await prepareRun(plan, { signal });
    const file = join(folder, 'run.json');
    const run = await executeRun({ prepared, file, version: 'validation', openProbe, signal });
    const contaminated = run.samples.filter(({ machine }) => machine.contaminated.length > 0).length;
    return { wire, contaminated, ...compared(wire, measured, emulator.responses()) };
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function compared(
  wire: RealtimeWire,
  measured: readonly RealtimeMeasurement[],
  truths: readonly RealtimeResponseTruth[],
): Omit<WireResult, 'wire' | 'contaminated'> {
  const answers = measured.flatMap(({ startedMs, firstByteMs }) => {
    if (firstByteMs === undefined) return [];
    const atMs = startedMs + firstByteMs - RTT_MS / 2;
    const truth = truthOf(truths, atMs + 1);
    return truth ? [{ atMs, truth }] : [];
  });
  const offs = answers.map(({ atMs, truth }) => Math.abs(atMs - truth.firstContentMs!));
  const generations = percentilesOf(answers.map(({ atMs, truth }) => atMs - truth.turnEndedMs!));
  const percentiles = PERCENTS.map((percent) => {
    const estimate = generations?.[`p${percent}`];
    const { valueMs = Number.NaN, lowMs = 0, highMs = Number.POSITIVE_INFINITY } = estimate ?? {};
    const trueMs = trueQuantileMs({ ttft: GENERATION }, percent / 100);
    return {
      percent,
      trueMs: rounded(trueMs),
      valueMs: rounded(valueMs),
      interval: `${rounded(lowMs)}–${rounded(highMs)}`,
      isHeld: lowMs - (PIECE_MS[wire] ?? 0) <= trueMs && trueMs <= highMs,
    };
  });
  return {
    turns: measured.length,
    failures: measured.length - answers.length,
    connectionP50Ms: quantile(
      measured.flatMap(({ connectionMs }) => connectionMs ?? []),
      50,
    ),
    sessionP50Ms: quantile(
      measured.flatMap(({ sessionMs }) => sessionMs ?? []),
      50,
    ),
    offP50Ms: quantile(offs, 50),
    offP95Ms: quantile(offs, 95),
    percentiles,
  };
}
