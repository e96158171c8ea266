import { z } from 'zod';
import type { SpokenWord } from '../../tts/synthesis.js';

/** What a client of ElevenLabs' multi-context TTS sends. */
export const clientMessage = z.union([
  z.object({ close_socket: z.literal(true) }),
  z.object({ context_id: z.string(), close_context: z.literal(true) }),
  z.object({
    context_id: z.string(),
    text: z.string(),
    flush: z.boolean().default(false),
    generation_config: z
      .object({ chunk_length_schedule: z.array(z.number().min(5).max(500)).optional() })
      .optional(),
  }),
]);

/** A piece of audio, with the alignment that became known with it. */
export function audioOutput(
  contextId: string,
  audio: Buffer,
  words: readonly SpokenWord[] | undefined,
): object {
  const alignment = words ? characters(words) : null;
  return {
    audio: audio.toString('base64'),
    alignment,
    normalizedAlignment: alignment,
    contextId,
  };
}

/** The end of a context. */
export function finalOutput(contextId: string): object {
  return { isFinal: true, contextId };
}

/**
 * The characters of the words and their times, ms from the beginning of the context's audio. ElevenLabs' documentation says
 * that they are relative to the message's audio; LiveKit's plugin reads them as from the beginning, and so does this.
 */
function characters(words: readonly SpokenWord[]): object {
  const chars: string[] = [];
  const charStartTimesMs: number[] = [];
  const charDurationsMs: number[] = [];
  for (const { text, startS, endS } of words) {
    const all = [...text, ' '];
    const eachMs = ((endS - startS) * 1000) / all.length;
    for (const [index, char] of all.entries()) {
      chars.push(char);
      charStartTimesMs.push(Math.round(startS * 1000 + index * eachMs));
      charDurationsMs.push(Math.round(eachMs));
    }
  }
  return { chars, charStartTimesMs, charDurationsMs };
}
