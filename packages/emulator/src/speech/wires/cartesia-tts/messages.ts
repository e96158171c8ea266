import { z } from 'zod';
import type { SpokenWord } from '../../tts/synthesis.js';

/** A request to speak, or to go on speaking, in a context. */
export const generationRequest = z.object({
  context_id: z.string(),
  model_id: z.string(),
  transcript: z.string(),
  continue: z.boolean().default(false),
  flush: z.boolean().default(false),
  add_timestamps: z.boolean().default(false),
  /** How long the service may wait for more text after a part that ends no sentence, ms. Its default is 3,000. */
  max_buffer_delay_ms: z.number().min(0).max(5000).default(3000),
  output_format: z.object({
    container: z.literal('raw'),
    encoding: z.literal('pcm_s16le'),
    sample_rate: z.number().int().positive(),
  }),
});

/** What a client of Cartesia's TTS sends. */
export const clientMessage = z.union([
  z.object({ context_id: z.string(), cancel: z.literal(true) }),
  generationRequest,
]);

/** A request to speak. */
export type GenerationRequest = z.infer<typeof generationRequest>;

const PARTIAL = 206;
const DONE = 200;

/** A piece of audio. */
export function chunk(contextId: string, audio: Buffer): object {
  return {
    type: 'chunk',
    data: audio.toString('base64'),
    done: false,
    status_code: PARTIAL,
    step_time: 0,
    context_id: contextId,
  };
}

/** The words of a piece of text; times in seconds from the beginning of the context. */
export function timestamps(contextId: string, words: readonly SpokenWord[]): object {
  return {
    type: 'timestamps',
    done: false,
    status_code: PARTIAL,
    context_id: contextId,
    word_timestamps: {
      words: words.map(({ text }) => text),
      start: words.map(({ startS }) => startS),
      end: words.map(({ endS }) => endS),
    },
  };
}

/** The end of a context. */
export function done(contextId: string): object {
  return { type: 'done', done: true, status_code: DONE, context_id: contextId };
}

/** The end of the audio of the text before a flush. */
export function flushDone(contextId: string, flushId: number): object {
  return {
    type: 'flush_done',
    done: false,
    flush_done: true,
    flush_id: flushId,
    status_code: PARTIAL,
    context_id: contextId,
  };
}

/** A failed request. */
export function failure(contextId: string, status: number, error: string): object {
  return { type: 'error', done: true, error, status_code: status, context_id: contextId };
}
