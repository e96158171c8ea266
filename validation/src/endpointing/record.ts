import { CALLER_RATE_HZ, type Clip, roomTone } from '@firstword/calls';
import { tracePauses } from '@firstword/livekit';
import { FirstwordError, type SpeechToText, type Transcript } from '@firstword/turn';
import type { RecordedPause, Recording } from './pause.js';

/** A line, spoken, as `synthesizeCall` gives it. */
export interface RecordableLine {
  name: string;
  voice: string;
  compared: boolean;
  clip: Clip;
  /** Root mean square of the room's sound; a quiet room where left out. */
  roomRms?: number;
  seed: number;
}

/** Room before and after the line, ms: the model listens to 1200 before it decides, and is asked later than that. */
const LEAD_MS = 1500;
const TAIL_MS = 2000;
/** Silences at which the model is asked: LiveKit's own (with the up-to-date VAD and without), one early, some late. */
export const ASK_AT_MS = [160, 224, 256, 416, 640, 1024] as const;
/** A pause whose last sound is this close to the line's last sample is its end, ms. */
const SAME_END_MS = 250;
/** Speech-to-text that says nothing for this long has died, ms. */
const STT_LIMIT_MS = 30_000;

const samplesOf = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);

function inRoom({ clip, roomRms, seed }: RecordableLine): Int16Array {
  const from = samplesOf(LEAD_MS);
  const audio = roomTone(seed, roomRms)(from + clip.samples.length + samplesOf(TAIL_MS));
  for (const [i, sample] of clip.samples.entries()) {
    audio[from + i] = Math.max(-32_768, Math.min(32_767, audio[from + i]! + sample));
  }
  return audio;
}

/** What one stretch of speech is heard as. */
function heard(stt: SpeechToText, audio: Int16Array, signal?: AbortSignal): Promise<Transcript> {
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

/**
 * Hears one line as a session would, and notes each of its pauses.
 *
 * @param options.stt left out, the words stay empty
 */
export async function recordLine(
  line: RecordableLine,
  options: { vad: keyof Recording; stt?: SpeechToText; signal?: AbortSignal },
): Promise<RecordedPause[]> {
  const { vad, stt, signal } = options;
  const audio = inRoom(line);
  const endMs = LEAD_MS + (line.clip.samples.length * 1000) / CALLER_RATE_HZ;
  const traced = await tracePauses(audio, { vad, askAtMs: ASK_AT_MS, ...(signal ? { signal } : {}) });
  const pauses: RecordedPause[] = [];
  let spokenFromMs = LEAD_MS - 500;
  let words = '';
  let confidence: number | undefined;
  for (const { lastVoicedMs, resumedMs, answers } of traced) {
    // Shorter, and the VAD would not have called speech ended: no session commits there.
    if (!answers.some(({ silenceMs }) => silenceMs >= 256)) continue;
    const utterance = audio.slice(samplesOf(spokenFromMs), samplesOf(lastVoicedMs + 256));
    if (stt) {
      const { text, endConfidence } = await heard(stt, utterance, signal);
      if (text) confidence = endConfidence;
      words = `${words} ${text}`.trim();
    }
    if (resumedMs !== undefined) spokenFromMs = resumedMs - 500;
    const end = Math.abs(lastVoicedMs - endMs) <= SAME_END_MS;
    if (lastVoicedMs > endMs && !end) continue;
    pauses.push({
      line: line.name,
      voice: line.voice,
      compared: line.compared,
      end,
      tailMs: end ? lastVoicedMs - endMs : 0,
      ...(end || resumedMs === undefined ? {} : { resumedAfterMs: resumedMs - lastVoicedMs }),
      answers,
      words,
      ...(confidence === undefined ? {} : { confidence }),
    });
  }
  return pauses;
}
