import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type SpeechEmulator,
  type SttProfile,
  startSpeechEmulator,
  type TtsProfile,
  toneVoice,
  transcriptRecognizer,
} from '@firstword/emulator/speech';
import { hostedProbe } from '@firstword/livekit/speech-probe';
import {
  type BenchArm,
  type BenchReport,
  benchReport,
  DEFAULT_PLAN,
  executeRun,
  type MachineMonitor,
  prepareRun,
} from '@firstword/provider-bench';
import type { SpeechMeasurement, SpeechProbe } from '@firstword/turn';
import type { FastClock } from './fast-clock.js';

/** Short, so that a run of many lines stays short too. */
const LINE_SAMPLES = 3200;
const LINE = { text: 'yes', ms: 200 };
/** Probes of each arm, each with a connection of its own, so that lines never wait for one to be opened. */
const PROBES = 16;
const PER_SECOND = 16;

/** Load on this machine does not reach a clock that stands still while something happens. */
const IDLE_MONITOR = {
  start: async () => {},
  stop: () => {},
  during: async () => ({ eventLoopDelayMs: 0 }),
} as unknown as MachineMonitor;

async function line(): Promise<Int16Array> {
  const samples = new Int16Array(LINE_SAMPLES);
  let at = 0;
  for await (const piece of toneVoice().synthesize('affirmative')) {
    samples.set(piece.subarray(0, samples.length - at), at);
    at = Math.min(samples.length, at + piece.length);
  }
  return samples;
}

/** Several probes as one: each measurement takes one that is free. */
function pooled(probes: readonly SpeechProbe[]): SpeechProbe {
  const free = [...probes];
  return {
    ready: async (options) => {
      await Promise.all(probes.map((probe) => probe.ready(options)));
    },
    measure: async (options) => {
      const probe = free.shift();
      if (!probe) throw new Error('more lines at once than probes: lower the pace');
      return probe.measure(options).finally(() => free.push(probe));
    },
    close: async () => {
      await Promise.all(probes.map((probe) => probe.close()));
    },
  };
}

function opener(options: {
  clock: FastClock;
  emulator: SpeechEmulator;
  audio: Int16Array;
  arms: number;
  onMeasured: (measured: SpeechMeasurement) => void;
}) {
  const { clock, emulator, audio, arms, onMeasured } = options;
  let ready = 0;
  return async ({ kind }: BenchArm): Promise<SpeechProbe> => {
    const open = () =>
      hostedProbe({
        kind: kind === 'stt' ? 'stt' : 'tts',
        model: 'emulated/profile',
        via: 'livekit',
        baseUrl: emulator.url,
        audio,
        text: LINE.text,
        clock,
        timeoutMs: 15_000,
      });
    const probe = pooled(await Promise.all(Array.from({ length: PROBES }, open)));
    return {
      ...probe,
      measure: async (given) => {
        const measured = await probe.measure(given);
        onMeasured(measured);
        return measured;
      },
      ready: async (given) => {
        await probe.ready(given);
        ready += 1;
        if (ready === arms) clock.skip();
      },
    };
  };
}

/** Measures the emulated engines once, in skipped time, through LiveKit's classes and the bench as it is. */
export async function measuredRun(options: {
  stt: SttProfile;
  tts: TtsProfile;
  requests: number;
  seed: number;
  clock: FastClock;
  /** Told of every measurement, warm-ups included. */
  onMeasured?: (measured: SpeechMeasurement) => void;
}): Promise<BenchReport> {
  const { stt, tts, requests, seed, clock, onMeasured = () => {} } = options;
  const { signal } = new AbortController();
  const audio = await line();
  const lines = Array.from({ length: 4 * requests }, () => LINE);
  const emulator = await startSpeechEmulator({
    seed,
    clock,
    sttProfile: stt,
    ttsProfile: tts,
    recognizer: { openStream: () => transcriptRecognizer(lines).openStream() },
  });
  const targets = [`stt:emulated:${stt.name}`, `tts:emulated:${tts.name}`];
  const plan = {
    ...DEFAULT_PLAN,
    targets,
    turns: requests,
    warmUps: 1,
    perSecond: PER_SECOND,
    seed,
    speech: { text: LINE.text, lineMs: LINE.ms },
  };
  const folder = await mkdtemp(join(tmpdir(), 'firstword-speech-bench-'));
  try {
    const prepared = await prepareRun(plan, { signal });
    const run = await executeRun({
      prepared,
      file: join(folder, 'run.json'),
      version: 'validation',
      openProbe: opener({ clock, emulator, audio, arms: targets.length, onMeasured }),
      clock,
      monitor: IDLE_MONITOR,
      signal,
    });
    return benchReport(run);
  } finally {
    clock.keepPace();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
