import { type CallTranscript, MAX_TRANSCRIPT_LINES, type Speaker } from './state.js';

/** Adds a transcript message: an interim text replaces the previous one, a final text becomes a line. */
export function addTranscript(
  transcript: CallTranscript,
  said: { who: Speaker; kind: 'interim' | 'final'; text: string },
): CallTranscript {
  const { who, kind } = said;
  const text = said.text.trim();
  if (kind === 'interim')
    return { ...transcript, interim: { ...transcript.interim, [who]: text || undefined } };
  const interim = { ...transcript.interim, [who]: undefined };
  if (!text) return { ...transcript, interim };
  const lines = [...transcript.lines, { id: transcript.nextId, who, text }].slice(-MAX_TRANSCRIPT_LINES);
  return { lines, interim, nextId: transcript.nextId + 1 };
}

/** Removes the interim texts at the end of a call, because no final text follows. */
export function endTranscript(transcript: CallTranscript): CallTranscript {
  return { ...transcript, interim: {} };
}
