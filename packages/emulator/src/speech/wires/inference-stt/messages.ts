import { z } from 'zod';
import { textOf } from '../../stt/text.js';
import type { SttUpdate } from '../../stt/update.js';

const extra = z.record(z.string(), z.unknown());

/** What a client of LiveKit Inference's STT sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.create'),
    model: z.string().optional(),
    settings: z.object({
      sample_rate: z.string(),
      encoding: z.literal('pcm_s16le'),
      language: z.string().optional(),
      extra: extra.optional(),
    }),
  }),
  z.object({ type: z.literal('session.update'), settings: z.object({ extra: extra.optional() }) }),
  z.object({ type: z.literal('input_audio'), audio: z.string() }),
  z.object({ type: z.literal('session.finalize') }),
  z.object({ type: z.literal('session.close') }),
]);

/** The first message of a session. */
export type SttSessionCreate = Extract<z.infer<typeof clientMessage>, { type: 'session.create' }>;

/** The type of a transcript message. */
export type TranscriptType = 'interim_transcript' | 'preflight_transcript' | 'final_transcript';

/** A transcript message; its times are in seconds. */
export function transcript(
  type: TranscriptType,
  update: SttUpdate,
  session: { id: string; language: string },
): object {
  const { words, confidence, fromMs, toMs } = update;
  return {
    type,
    session_id: session.id,
    transcript: textOf(words),
    language: session.language,
    start: fromMs / 1000,
    duration: Math.max(0, toMs - fromMs) / 1000,
    confidence,
    words: words.map(({ text, startMs, endMs }) => ({
      word: text,
      start: startMs / 1000,
      end: endMs / 1000,
      confidence,
    })),
  };
}
