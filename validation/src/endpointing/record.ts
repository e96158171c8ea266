import { CALLER_RATE_HZ, type Clip, roomTone } from '@firstword/calls';
import { type TracedPause, tracePauses } from '@firstword/livekit';
import { FirstwordError, type SpeechToText, type Transcript } from '@firstword/turn';
import type { EndpointingRecording, RecordedPause } from './pause.js';
import { VAD_END_MS } from './policies.js';

/** A line synthesized by `synthesizeCall`. */
export interface RecordableLine {
  name: string;
  voice: string;
  compared: boolean;
  clip: Clip;
  /** Root mean square of the background noise; a quiet room by default. */
  roomRms?: number;
  seed: number;
}

/** Background noise before and after the line, ms: the model uses the last 1200 ms, and its latest query is later. */
const LEAD_MS = 1500;
const TAIL_MS = 2000;
/** Silences after which the model is asked, ms: LiveKit's (with the current VAD and the previous one), one earlier, some later. */
export const QUERY_SILENCES_MS = [160, 224, 256, 416, 640, 1024] as const;
/** If at most this much time separates a pause's last sound and the line's last sample, the pause is the end of the line, ms. */
const SAME_END_MS = 250;
/** Audio before the speech that a session gives to the STT, ms. */
const DECODED_LEAD_MS = 500;
/** Longest wait for a final transcript, ms. */
const STT_LIMIT_MS = 30_000;

const samplesOf = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);

function withRoomTone({ clip, roomRms, seed }: RecordableLine): Int16Array {
  const from = samplesOf(LEAD_MS);
  const audio = roomTone(seed, roomRms)(from + clip.samples.length + samplesOf(TAIL_MS));
  for (const [i, sample] of clip.samples.entries()) {
    audio[from + i] = Math.max(-32_768, Math.min(32_767, audio[from + i]! + sample));
  }
  return audio;
}

/** Transcribes one utterance. */
function transcribe(stt: SpeechToText, audio: Int16Array, signal?: AbortSignal): Promise<Transcript> {
  return new Promise((resolve, reject) => {
    const stop = (error?: Error) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', aborted);
      stream.close();
      if (error) reject(error);
    };
    const aborted = () => stop(new FirstwordError('aborted', 'the recording was stopped'));
    const limit = setTimeout(
      () => stop(new FirstwordError('timeout', 'speech-to-text gave no words: try again')),
      STT_LIMIT_MS,
    );
    const stream = stt.openStream({
      onTranscript: (transcript) => {
        if (transcript.kind !== 'final') return;
        stop();
        resolve(transcript);
      },
      onError: stop,
    });
    signal?.addEventListener('abort', aborted, { once: true });
    stream.push(audio.subarray(0, samplesOf(300)));
    stream.beginUtterance();
    stream.push(audio.subarray(samplesOf(300)));
    stream.endUtterance();
  });
}

/** Audio in which one turn is spoken, and what its pauses are recorded with. */
export interface RecordableAudio {
  /** Mono, 16 kHz; with a second of background before the speech, and two after it. */
  audio: Int16Array;
  /** When the first and the last speech samples are, ms. */
  startMs: number;
  endMs: number;
  /** Whether the turn ends there; otherwise its last pause is left out. Default true. */
  endsThere?: boolean;
  /** Copied to each pause. */
  facts: Pick<RecordedPause, 'line' | 'voice' | 'compared' | 'kind' | 'band' | 'language'>;
}

/** How a recording is processed. */
export interface RecordingOptions {
  /** The VAD's settings: those of LiveKit's session, or of Firstword's. */
  vad: keyof EndpointingRecording;
  /** Without it, the words stay empty. */
  stt?: SpeechToText;
  signal?: AbortSignal;
}

/** Whether a session may commit in a pause: in a shorter one the VAD does not report the end of speech. */
export const mayCommit = ({ answers }: TracedPause) =>
  answers.some(({ silenceMs }) => silenceMs >= VAD_END_MS);

/**
 * Where a pause is in a turn whose last speech is at `endMs`: at its end or inside it. `undefined` for neither: the recording was cut
 * there, or the turn was over before.
 */
export function placeOf(
  { lastVoicedMs }: TracedPause,
  { endMs, endsThere }: { endMs: number; endsThere: boolean },
): 'end' | 'inside' | undefined {
  if (Math.abs(lastVoicedMs - endMs) <= SAME_END_MS) return endsThere ? 'end' : undefined;
  return lastVoicedMs > endMs ? undefined : 'inside';
}

/** Processes one spoken turn like a session would and records each of its pauses. */
export async function recordPauses(
  turn: RecordableAudio,
  options: RecordingOptions,
): Promise<RecordedPause[]> {
  const { audio, startMs, endMs, endsThere = true, facts } = turn;
  const { vad, stt, signal } = options;
  const traced = await tracePauses(audio, { vad, askAtMs: QUERY_SILENCES_MS, ...(signal ? { signal } : {}) });
  const pauses: RecordedPause[] = [];
  let spokenFromMs = Math.max(0, startMs - DECODED_LEAD_MS);
  let words = '';
  let confidence: number | undefined;
  for (const pause of traced.filter(mayCommit)) {
    const { lastVoicedMs, resumedMs, answers } = pause;
    const utterance = audio.slice(samplesOf(spokenFromMs), samplesOf(lastVoicedMs + VAD_END_MS));
    if (stt) {
      const { text, endConfidence } = await transcribe(stt, utterance, signal);
      if (text) confidence = endConfidence;
      words = `${words} ${text}`.trim();
    }
    if (resumedMs !== undefined) spokenFromMs = Math.max(0, resumedMs - DECODED_LEAD_MS);
    const place = placeOf(pause, { endMs, endsThere });
    if (!place) continue;
    const isLast = place === 'end';
    pauses.push({
      ...facts,
      end: isLast,
      tailMs: isLast ? lastVoicedMs - endMs : 0,
      ...(isLast || resumedMs === undefined ? {} : { resumedAfterMs: resumedMs - lastVoicedMs }),
      answers,
      words,
      ...(confidence === undefined ? {} : { confidence }),
    });
  }
  return pauses;
}

/** `recordPauses` of a synthesized line. */
export function recordLine(line: RecordableLine, options: RecordingOptions): Promise<RecordedPause[]> {
  const { name, voice, compared, clip } = line;
  const audio = withRoomTone(line);
  const endMs = LEAD_MS + (clip.samples.length * 1000) / CALLER_RATE_HZ;
  return recordPauses({ audio, startMs: LEAD_MS, endMs, facts: { line: name, voice, compared } }, options);
}
