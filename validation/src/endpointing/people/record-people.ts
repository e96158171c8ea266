import type { SpeechToText } from '@firstword/turn';
import type { EndpointingRecording } from '../pause.js';
import { recordPauses } from '../record.js';
import { LEAD_MS, playable } from './audio.js';
import { bandOf, type RecordedUtterance, type SpeechFolder } from './manifest.js';

/** Utterances processed at the same time: one is decoded while another runs the model. */
const AT_ONCE = 2;

/**
 * Plays people's utterances through LiveKit's VAD, its end-of-turn model and the embedded STT, and records each pause.
 * @throws FirstwordError `aborted`; `bad_input` if a file cannot be decoded
 */
export async function recordPeople(
  speech: SpeechFolder,
  options: { stt: SpeechToText; onUtterance(done: number): void; signal: AbortSignal },
): Promise<EndpointingRecording> {
  const { stt, onUtterance, signal } = options;
  const recording: EndpointingRecording = { livekit: [], firstword: [] };
  let done = 0;
  const record = async (utterance: RecordedUtterance) => {
    const { file, speaker, kind, language, speechStartMs, speechEndMs, end } = utterance;
    const turn = {
      audio: await playable(utterance, speech),
      startMs: LEAD_MS + speechStartMs,
      endMs: LEAD_MS + speechEndMs,
      endsThere: end === 'natural',
      facts: { line: file, voice: speaker, compared: false, kind, language, band: bandOf(utterance) },
    };
    // The embedded STT knows English only.
    const words = language.startsWith('en') ? { stt } : {};
    const livekit = await recordPauses(turn, { vad: 'livekit', signal });
    const firstword = await recordPauses(turn, { vad: 'firstword', ...words, signal });
    done += 1;
    onUtterance(done);
    return { livekit, firstword };
  };
  for (let from = 0; from < speech.utterances.length; from += AT_ONCE) {
    const batch = speech.utterances.slice(from, from + AT_ONCE).map(record);
    for (const { livekit, firstword } of await Promise.all(batch)) {
      recording.livekit.push(...livekit);
      recording.firstword.push(...firstword);
    }
  }
  return recording;
}
