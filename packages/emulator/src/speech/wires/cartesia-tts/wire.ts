import { bytesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import { Timers } from '../../timers.js';
import type { Synthesis } from '../../tts/synthesis.js';
import { endsSentence, TextBuffer } from '../../tts/text-buffer.js';
import { headerKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import {
  chunk,
  clientMessage,
  done,
  failure,
  flushDone,
  type GenerationRequest,
  timestamps,
} from './messages.js';

/** One context: an answer whose text may come in several requests. */
class Context {
  readonly #synthesis: Synthesis;
  readonly #buffer: TextBuffer;

  constructor(connection: SpeechConnection, request: GenerationRequest, timers: Timers, onEnd: () => void) {
    const { context_id: id, add_timestamps, output_format, max_buffer_delay_ms } = request;
    let flushes = 0;
    this.#synthesis = connection.openSynthesis({
      profile: connection.shared.ttsProfileOf(request.model_id, 'cartesia-sonic-3'),
      rateHz: output_format.sample_rate,
      onAudio: (samples) => connection.send(chunk(id, bytesOf(samples))),
      onWords: (words) => {
        if (add_timestamps) connection.send(timestamps(id, words));
      },
      onFlushed: () => {
        flushes += 1;
        connection.send(flushDone(id, flushes));
      },
      onDone: () => {
        onEnd();
        connection.send(done(id));
      },
      onError: () => {
        onEnd();
        connection.send(failure(id, 500, 'Emulated error.'));
      },
    });
    this.#buffer = new TextBuffer({
      timers,
      isReady: endsSentence,
      maxDelayMs: max_buffer_delay_ms,
      speak: (text) => this.#synthesis.say(text),
    });
  }

  request({ transcript, flush, continue: goesOn }: GenerationRequest): void {
    this.#buffer.add(transcript);
    if (flush || !goesOn) this.#buffer.flush();
    if (flush) this.#synthesis.flush();
    if (!goesOn) this.#synthesis.end();
  }

  cancel(): void {
    this.#synthesis.cancel();
  }
}

function accept(connection: SpeechConnection): void {
  const contexts = new Map<string, Context>();
  const timers = new Timers(connection.shared.clock);
  connection.socket.once('close', () => timers.close());
  connection.onMessage((data) => {
    const message = clientMessage.parse(JSON.parse(data.toString()));
    const id = message.context_id;
    if ('cancel' in message) {
      contexts.get(id)?.cancel();
      contexts.delete(id);
      return;
    }
    const isNew = !contexts.has(id);
    if (isNew && !message.continue && message.transcript.trim() === '') {
      // Such as an answer that is only a tool call: LiveKit's plugin then sends the end alone.
      connection.send(failure(id, 400, 'Transcript is empty or contains only punctuation.'));
      return;
    }
    const context = contexts.get(id) ?? new Context(connection, message, timers, () => contexts.delete(id));
    contexts.set(id, context);
    context.request(message);
  });
}

/** Cartesia's TTS: `wss://…/tts/websocket`, many contexts on one connection. */
export const cartesiaTts: SpeechWire = {
  service: 'cartesia-tts',
  path: /\/tts\/websocket$/,
  keyOf: headerKey('x-api-key'),
  accept,
};
