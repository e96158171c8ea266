import { bytesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import { Timers } from '../../timers.js';
import type { SpokenWord, Synthesis } from '../../tts/synthesis.js';
import { TextBuffer } from '../../tts/text-buffer.js';
import { headerKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { audioOutput, clientMessage, finalOutput } from './messages.js';

/** How many characters wait for more before each generation, as ElevenLabs documents. */
const CHUNK_LENGTHS: readonly number[] = [120, 160, 250, 290];
/** The sample rate if the client asks for none, Hz. */
const DEFAULT_RATE_HZ = 22_050;

/** One context: an answer whose text comes in pieces. */
class Context {
  readonly #synthesis: Synthesis;
  readonly #buffer: TextBuffer;
  #generations = 0;
  /** An alignment that goes out with the next audio. */
  #words: readonly SpokenWord[] | undefined;

  constructor(
    connection: SpeechConnection,
    id: string,
    options: { timers: Timers; lengths: readonly number[]; onEnd: () => void },
  ) {
    const query = connection.url.searchParams;
    const { timers, lengths, onEnd } = options;
    const rateHz = Number(/^pcm_(\d+)$/.exec(query.get('output_format') ?? '')?.[1] ?? DEFAULT_RATE_HZ);
    this.#synthesis = connection.openSynthesis({
      profile: connection.shared.ttsProfileOf(query.get('model_id') ?? '', 'elevenlabs-turbo-v2.5'),
      rateHz,
      onAudio: (samples) => {
        connection.send(audioOutput(id, bytesOf(samples), this.#words));
        this.#words = undefined;
      },
      onWords: (words) => {
        if (query.get('sync_alignment') === 'true') this.#words = words;
      },
      onDone: () => {
        onEnd();
        if (this.#words) connection.send(audioOutput(id, Buffer.alloc(0), this.#words));
        connection.send(finalOutput(id));
      },
      onError: () => {
        onEnd();
        connection.send({ error: 'emulated_error', message: 'Emulated error.', contextId: id });
      },
    });
    const isAuto = query.get('auto_mode') === 'true';
    this.#buffer = new TextBuffer({
      timers,
      isReady: (text) => isAuto || text.length >= lengths[Math.min(this.#generations, lengths.length - 1)]!,
      maxDelayMs: Number.POSITIVE_INFINITY,
      speak: (text) => {
        this.#generations += 1;
        this.#synthesis.say(text);
      },
    });
  }

  say(text: string, flush: boolean): void {
    this.#buffer.add(text);
    if (!flush) return;
    this.#buffer.flush();
    this.#synthesis.flush();
  }

  close(): void {
    this.#buffer.flush();
    this.#synthesis.end();
  }
}

function accept(connection: SpeechConnection): void {
  const contexts = new Map<string, Context>();
  const timers = new Timers(connection.shared.clock);
  connection.socket.once('close', () => timers.close());
  connection.onMessage((data) => {
    const message = clientMessage.parse(JSON.parse(data.toString()));
    if ('close_socket' in message) {
      connection.socket.close(1000);
      return;
    }
    const id = message.context_id;
    if ('close_context' in message) {
      contexts.get(id)?.close();
      return;
    }
    const lengths = message.generation_config?.chunk_length_schedule ?? CHUNK_LENGTHS;
    const context =
      contexts.get(id) ?? new Context(connection, id, { timers, lengths, onEnd: () => contexts.delete(id) });
    contexts.set(id, context);
    context.say(message.text, message.flush);
  });
}

/** ElevenLabs' TTS with several contexts: `wss://…/v1/text-to-speech/<voice>/multi-stream-input`. */
export const elevenLabsTts: SpeechWire = {
  service: 'elevenlabs-tts',
  path: /\/v1\/text-to-speech\/[^/]+\/multi-stream-input$/,
  keyOf: headerKey('xi-api-key'),
  accept,
};
