import type { SpokenAgentParts } from '@firstword/calls';
import { type Recognizer, type SpeechEmulator, startSpeechEmulator } from '@firstword/emulator/speech';
import { HOSTED_STTS, HOSTED_TTSS, openHostedStt, openHostedTts } from '@firstword/livekit';
import { FirstwordError, unknownName } from '@firstword/turn';
import type { SpeechEngines } from '../../speech-engines.js';

/** The speech of the compared agents. */
export interface SpeechChoice {
  /** What `--speech` takes. */
  name: string;
  label: string;
  /** Names of the hosted STT and TTS; `EMBEDDED` for the engine of the command. */
  stt: string;
  tts: string;
}

/** The embedded engine, in the place of a hosted STT or TTS. */
const EMBEDDED = 'embedded';

/** LiveKit's own gateway for both, as a session with model names uses it. */
const LIVEKIT_INFERENCE = 'inference-deepgram+inference-cartesia';

function labelOf(name: string, parts: Readonly<Record<string, { label: string }>>): string {
  return parts[name]?.label ?? name;
}

/**
 * The speech named by `--speech`: an STT and a TTS with a `+` between, or `livekit-inference`.
 * @returns `undefined` for the embedded engines
 * @throws FirstwordError `bad_input` that lists the names
 */
export function speechChoice(given: string | undefined): SpeechChoice | undefined {
  if (given === undefined) return undefined;
  const name = given === 'livekit-inference' ? LIVEKIT_INFERENCE : given;
  const [stt = '', tts = '', ...rest] = name.split('+').map((part) => part.trim());
  if (rest.length > 0 || tts === '') {
    throw new FirstwordError(
      'bad_input',
      `"${given}" is no pair of an STT and a TTS: give two names with a + between, such as deepgram+cartesia, or livekit-inference.`,
    );
  }
  const stts = [EMBEDDED, ...Object.keys(HOSTED_STTS)];
  const ttss = [EMBEDDED, ...Object.keys(HOSTED_TTSS)];
  if (!stts.includes(stt)) throw unknownName('STT', stt, stts);
  if (!ttss.includes(tts)) throw unknownName('TTS', tts, ttss);
  const label = `${labelOf(stt, HOSTED_STTS)}, ${labelOf(tts, HOSTED_TTSS)} (emulated)`;
  return { name: given, label, stt, tts };
}

/** The STT and TTS of one arm, and how to stop what they use. */
export interface OpenSpeech extends SpokenAgentParts {
  close(): Promise<void>;
}

/**
 * Opens the speech of one arm: LiveKit's plugins, connected to emulated services of the arm's own, so that each arm gets the
 * same delays.
 */
export async function openSpeech(
  choice: SpeechChoice | undefined,
  options: {
    engines: SpeechEngines;
    /** What the emulated STT hears. */
    recognizer: Recognizer;
    seed: number;
    signal: AbortSignal;
  },
): Promise<OpenSpeech> {
  const { engines, recognizer, seed, signal } = options;
  if (!choice) return { stt: engines.stt, tts: engines.agentTts, close: async () => {} };
  const emulator = await startSpeechEmulator({
    recognizer,
    voice: engines.agentTts,
    seed,
    signal,
  });
  try {
    return { ...(await partsAt(emulator, choice, engines)), close: () => emulator.close() };
  } catch (error) {
    await emulator.close();
    throw error;
  }
}

async function partsAt(
  { origin, url }: SpeechEmulator,
  choice: SpeechChoice,
  engines: SpeechEngines,
): Promise<SpokenAgentParts> {
  const services = { origin, inferenceUrl: url, apiKey: 'emulated' };
  const stt = choice.stt === EMBEDDED ? engines.stt : await openHostedStt(choice.stt, services);
  const tts = choice.tts === EMBEDDED ? engines.agentTts : await openHostedTts(choice.tts, services);
  return { stt, tts };
}
