import { CALLER_RATE_HZ, type Clip, roomTone } from '@firstword/calls';
import { tracePauses } from '@firstword/livekit';
import { FirstwordError, type SpeechToText, type Transcript } from '@firstword/turn';
import type { EndpointingRecording, RecordedPause } from './pause.js';

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

/**
 * Processes one line like a session would and records each of its pauses.
 *
 * @param options.stt without it, the words stay empty
 */
export async function recordLine(
  line: RecordableLine,
  options: { vad: keyof EndpointingRecording; stt?: SpeechToText; signal?: AbortSignal },
): Promise<RecordedPause[]> {
  const { vad, stt, signal } = options;
  const audio = withRoomTone(line);
  const endMs = LEAD_MS + (line.clip.samples.length * 1000) / CALLER_RATE_HZ;
  const traced = await tracePauses(audio, { vad, askAtMs: QUERY_SILENCES_MS, ...(signal ? { signal } : {}) });
  const pauses: RecordedPause[] = [];
  let spokenFromMs = LEAD_MS - 500;
  let words = '';
  let confidence: number | undefined;
  for (const { lastVoicedMs, resumedMs, answers } of traced) {
    // In a shorter pause the VAD does not report the end of speech, so no session commits there.
    if (!answers.some(({ silenceMs }) => silenceMs >= 256)) continue;
    const utterance = audio.slice(samplesOf(spokenFromMs), samplesOf(lastVoicedMs + 256));
    if (stt) {
      const { text, endConfidence } = await transcribe(stt, utterance, signal);
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
