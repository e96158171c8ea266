import { tracePauses } from '@firstword/livekit';
import type { AudioBand } from '@firstword/turn';
import { LEAD_MS, playable } from '../endpointing/people/audio.js';
import { bandOf, type RecordedUtterance, type SpeechFolder } from '../endpointing/people/manifest.js';
import { mayCommit, placeOf } from '../endpointing/record.js';

/** Silences after which a model is asked, ms: those at which a session asks it. */
export const ASKED_AT_MS = [160, 256, 416] as const;

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
  const { file, speaker, kind, language, speechEndMs } = utterance;
  const turn = { endMs: LEAD_MS + speechEndMs, endsThere: utterance.end === 'natural' };
  const pauses = await tracePauses(audio, {
    vad: 'firstword',
    askAtMs: ASKED_AT_MS,
    ...(predict ? { predict } : {}),
    signal,
  });
  return pauses.filter(mayCommit).flatMap((pause) => {
    const place = placeOf(pause, turn);
    if (!place) return [];
    return pause.answers.map(({ silenceMs, probability }) => ({
      ...{ model: name, file, speaker, kind, language, band: bandOf(utterance) },
      ...{ silenceMs, probability, end: place === 'end' },
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
