import { LINES_KEPT, type Speaker, type Transcript } from './state.js';

/** Adds what a speaker said: an interim replaces the one before it, a final ends it and becomes a line. */
export function addTranscript(
  transcript: Transcript,
  said: { who: Speaker; kind: 'interim' | 'final'; text: string },
): Transcript {
  const { who, kind } = said;
  const text = said.text.trim();
  if (kind === 'interim')
    return { ...transcript, interim: { ...transcript.interim, [who]: text || undefined } };
  const interim = { ...transcript.interim, [who]: undefined };
  if (!text) return { ...transcript, interim };
  const lines = [...transcript.lines, { id: transcript.nextId, who, text }].slice(-LINES_KEPT);
  return { lines, interim, nextId: transcript.nextId + 1 };
}

/** What is left when a call ends: unfinished words will not be finished. */
export function endTranscript(transcript: Transcript): Transcript {
  return { ...transcript, interim: {} };
}
