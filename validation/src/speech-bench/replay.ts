import {
  recordedSttProfile,
  recordedTtsProfile,
  type SttProfile,
  type TtsProfile,
} from '@firstword/emulator/speech';
import type { BenchReport } from '@firstword/provider-bench';
import type { SpeechMeasurement } from '@firstword/turn';
import type { FastClock } from './fast-clock.js';
import { measuredRun } from './measured-run.js';

/** A percentile as it was recorded, and as the replay measured it. */
export interface ReplayedPercentile {
  kind: 'stt' | 'tts';
  percent: 50 | 90 | 95;
  recordedMs: number;
  replayedMs: number;
  /** Whether the intervals of the two overlap. */
  agrees: boolean;
}

function compared(recorded: BenchReport, replayed: BenchReport): ReplayedPercentile[] {
  return recorded.arms.flatMap(({ arm, ttft: before }, index) => {
    const after = replayed.arms[index]?.ttft;
    if (!before || !after) return [];
    return ([50, 90, 95] as const).map((percent) => {
      const [a, b] = [before[`p${percent}`], after[`p${percent}`]];
      const end = ({ highMs = Number.POSITIVE_INFINITY }: typeof a) => highMs;
      const agrees = (a.lowMs ?? 0) <= end(b) && (b.lowMs ?? 0) <= end(a);
      return {
        kind: arm.kind === 'stt' ? 'stt' : 'tts',
        percent,
        recordedMs: a.valueMs,
        replayedMs: b.valueMs,
        agrees,
      };
    });
  });
}

/** Records the emulated engines as `firstword record-speech` does, replays the recordings, and compares. */
export async function replay(options: {
  stt: SttProfile;
  tts: TtsProfile;
  requests: number;
  clock: FastClock;
}): Promise<ReplayedPercentile[]> {
  const { stt, tts, requests, clock } = options;
  const all: SpeechMeasurement[] = [];
  const onMeasured = (measured: SpeechMeasurement) => all.push(measured);
  const recorded = await measuredRun({ stt, tts, requests, clock, seed: 1, onMeasured });
  const recordedStt = recordedSttProfile(
    all.filter((one) => one.kind === 'stt'),
    { name: stt.name, model: stt.name },
  );
  const recordedTts = recordedTtsProfile(
    all.filter((one) => one.kind === 'tts'),
    tts.name,
  );
  if (!(recordedStt && recordedTts)) throw new Error('nothing was recorded');
  const replayed = await measuredRun({ stt: recordedStt, tts: recordedTts, requests, clock, seed: 2 });
  return compared(recorded, replayed);
}
