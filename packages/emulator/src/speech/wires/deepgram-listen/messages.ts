import { z } from 'zod';
import { textOf } from '../../stt/text.js';
import type { SttUpdate } from '../../stt/update.js';

/** What a client of Deepgram's `/v1/listen` sends besides audio. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('KeepAlive') }),
  z.object({ type: z.literal('Finalize') }),
  z.object({ type: z.literal('CloseStream') }),
]);

/** The `SpeechStarted` event of `vad_events=true`. */
export function speechStarted(atMs: number): object {
  return { type: 'SpeechStarted', channel: [0], timestamp: atMs / 1000 };
}

/** The `UtteranceEnd` event of `utterance_end_ms`. */
export function utteranceEnd(lastWordEndMs: number): object {
  return { type: 'UtteranceEnd', channel: [0, 1], last_word_end: lastWordEndMs / 1000 };
}

/** The last message of a stream. */
export function metadata(requestId: string, durationMs: number, model: string): object {
  return {
    type: 'Metadata',
    request_id: requestId,
    created: new Date(0).toISOString(),
    duration: durationMs / 1000,
    channels: 1,
    models: [model],
  };
}

/** A `Results` message. */
export function results(
  update: SttUpdate,
  options: { requestId: string; model: string; isFinal: boolean; fromFinalize: boolean },
): object {
  const { requestId, model, isFinal, fromFinalize } = options;
  const { words, confidence, fromMs, toMs, endsSpeech } = update;
  const round = (ms: number) => Math.round(ms) / 1000;
  return {
    type: 'Results',
    channel_index: [0, 1],
    start: round(fromMs),
    duration: round(Math.max(0, toMs - fromMs)),
    is_final: isFinal,
    speech_final: isFinal && endsSpeech,
    from_finalize: fromFinalize,
    channel: {
      alternatives: [
        {
          transcript: textOf(words),
          confidence: words.length === 0 ? 0 : confidence,
          words: words.map(({ text, startMs, endMs }) => ({
            word: text.toLowerCase().replace(/[^\p{L}\p{N}'’-]/gu, ''),
            start: round(startMs),
            end: round(endMs),
            confidence,
            punctuated_word: text,
          })),
        },
      ],
    },
    metadata: {
      request_id: requestId,
      model_info: { name: model, version: 'emulated', arch: model },
      model_uuid: 'emulated',
    },
  };
}
