import { tracePauses } from '@firstword/livekit';
import type { AudioBand } from '@firstword/turn';
import { LEAD_MS, playable } from '../endpointing/people/audio.js';
import type { RecordedUtterance, SpeechFolder } from '../endpointing/people/manifest.js';

/** Silences after which a model is asked, ms: those at which a session asks it. */
export const ASKED_AT_MS = [160, 256, 416] as const;
const SHORTEST_COMMIT_MS = 256;
/** If at most this much time separates a pause's last sound and the last speech, the pause is the end of the turn, ms. */
const SAME_END_MS = 250;

/** An end-of-turn model: its answer for all audio of an utterance so far, 0 to 1. */
export interface AskedModel {
  name: string;
  /** Default: LiveKit's local model. */
  predict?: (heard: Int16Array) => Promise<number>;
}

/** One answer of a model about one pause of a person. */
export interface PauseAnswer {
  model: string;
  file: string;
  speaker: string;
  kind: string;
  language: string;
  band: AudioBand;
  silenceMs: number;
  probability: number;
  /** The turn ends here. */
  end: boolean;
}

async function answersOf(
  utterance: RecordedUtterance,
  audio: Int16Array,
  { name, predict }: AskedModel,
  signal: AbortSignal,
): Promise<PauseAnswer[]> {
  const { file, speaker, kind, language, sampleRate, speechEndMs } = utterance;
  const pauses = await tracePauses(audio, {
    vad: 'firstword',
    askAtMs: ASKED_AT_MS,
    ...(predict ? { predict } : {}),
    signal,
  });
  const endMs = LEAD_MS + speechEndMs;
  return pauses.flatMap(({ lastVoicedMs, answers }) => {
    const isLast = Math.abs(lastVoicedMs - endMs) <= SAME_END_MS;
    // In a shorter pause LiveKit's VAD does not report the end of speech, so that no session commits there.
    if (!answers.some(({ silenceMs }) => silenceMs >= SHORTEST_COMMIT_MS)) return [];
    // What is cut off by the file is neither an end nor a pause.
    if (isLast ? utterance.end !== 'natural' : lastVoicedMs > endMs) return [];
    const band = sampleRate <= 8000 ? ('telephone' as const) : ('wide' as const);
    return answers.map(({ silenceMs, probability }) => ({
      ...{ model: name, file, speaker, kind, language, band },
      ...{ silenceMs, probability, end: isLast },
    }));
  });
}

/**
 * Plays people's utterances through LiveKit's VAD and asks each model about each pause.
 * @throws FirstwordError `aborted`; `bad_input` if a file cannot be decoded
 */
export async function recordAnswers(
  speech: SpeechFolder,
  options: { models: readonly AskedModel[]; onUtterance(done: number): void; signal: AbortSignal },
): Promise<PauseAnswer[]> {
  const { models, onUtterance, signal } = options;
  const answers: PauseAnswer[] = [];
  for (const [i, utterance] of speech.utterances.entries()) {
    const audio = await playable(utterance, speech);
    for (const model of models) answers.push(...(await answersOf(utterance, audio, model, signal)));
    onUtterance(i + 1);
  }
  return answers;
}
