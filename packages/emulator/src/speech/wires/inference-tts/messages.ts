import { z } from 'zod';
import type { SpokenWord } from '../../tts/synthesis.js';

const extra = z.record(z.string(), z.unknown());

/** What a client of LiveKit Inference's TTS sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.create'),
    sample_rate: z.string(),
    encoding: z.literal('pcm_s16le'),
    model: z.string().optional(),
    voice: z.string().optional(),
    language: z.string().optional(),
    extra: extra.optional(),
  }),
  z.object({ type: z.literal('input_transcript'), transcript: z.string() }),
  z.object({ type: z.literal('session.flush') }),
  z.object({ type: z.literal('session.close') }),
]);

/** The first message of a session. */
export type TtsSessionCreate = Extract<z.infer<typeof clientMessage>, { type: 'session.create' }>;

/** Which alignment a client gets: the providers report it only if they are asked to, each with an option of its own. */
export function alignmentOf(options: Record<string, unknown>): 'words' | 'characters' | 'none' {
  if (options.add_timestamps === true || options.timestamp_type === 'WORD') return 'words';
  return options.timestamp_type === 'CHARACTER' ? 'characters' : 'none';
}

/** An alignment message; its times are in seconds from the beginning of the answer. */
export function alignment(
  words: readonly SpokenWord[],
  kind: 'words' | 'characters',
  sessionId: string,
): object {
  const message = { type: 'output_alignment', session_id: sessionId };
  if (kind === 'words') {
    return {
      ...message,
      words: words.map(({ text, startS, endS }) => ({ word: text, start: startS, end: endS })),
    };
  }
  return { ...message, chars: words.flatMap(characters) };
}

function characters({ text, startS, endS }: SpokenWord): { char: string; start: number; end: number }[] {
  const all = [...text, ' '];
  const eachS = (endS - startS) / all.length;
  return all.map((char, index) => ({
    char,
    start: startS + index * eachS,
    end: startS + (index + 1) * eachS,
  }));
}
