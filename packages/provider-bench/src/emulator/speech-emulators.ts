import { type RealtimeWire, startRealtimeEmulator } from '@firstword/emulator/realtime';
import { type Recognizer, startSpeechEmulator, transcriptRecognizer } from '@firstword/emulator/speech';
import type { Clock } from '@firstword/turn';
import { parseTargets } from '../targets/parse-targets.js';
import { realtimeWireOf } from '../targets/realtime-target.js';
import type { BenchTarget } from '../targets/target.js';
import { preciseClock } from './precise-clock.js';
import type { SpeechEmulatorProcessOptions } from './speech-emulator-process.js';

/** What the emulated realtime models say. */
const ANSWER = 'Yes, of course.';

/** A stream is never longer than this many lines. */
const MOST_LINES = 100_000;

/** Hears the same line again and again, in each stream from its beginning. */
function sameLine(line: { text: string; ms: number }): Recognizer {
  const lines = Array.from({ length: MOST_LINES }, () => line);
  return { openStream: () => transcriptRecognizer(lines).openStream() };
}

/** Starts an emulator for each target. Resolves to their base URLs, by target. */
export async function startSpeechEmulators({
  speech,
  seed,
  precise,
}: SpeechEmulatorProcessOptions): Promise<Record<string, string>> {
  const urls: Record<string, string> = {};
  const common = { seed, recognizer: sameLine(speech.line), ...(precise ? { clock: preciseClock } : {}) };
  for (const target of parseTargets(speech.targets)) urls[target.text] = await start(target, common);
  return urls;
}

async function start(
  target: BenchTarget,
  common: { seed: number; recognizer: Recognizer; clock?: Clock },
): Promise<string> {
  const { kind, model } = target;
  if (kind === 'realtime') {
    const { urls } = await startRealtimeEmulator({ ...common, profile: model, answers: () => ANSWER });
    return urls[realtimeWireOf(target) as RealtimeWire];
  }
  const profile = kind === 'stt' ? { sttProfile: model } : { ttsProfile: model };
  return (await startSpeechEmulator({ ...common, ...profile })).url;
}
