import { type Recognizer, startSpeechEmulator, transcriptRecognizer } from '@firstword/emulator/speech';
import { parseSpeechTarget } from '../targets/speech-target.js';
import { preciseClock } from './precise-clock.js';
import type { SpeechEmulatorProcessOptions } from './speech-emulator-process.js';

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
  for (const target of speech.targets) {
    const { kind, model } = parseSpeechTarget(target);
    const emulator = await startSpeechEmulator({
      seed,
      recognizer: sameLine(speech.line),
      ...(kind === 'stt' ? { sttProfile: model } : { ttsProfile: model }),
      ...(precise ? { clock: preciseClock } : {}),
    });
    urls[target] = emulator.url;
  }
  return urls;
}
