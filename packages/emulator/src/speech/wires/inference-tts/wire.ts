import { bytesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import { Timers } from '../../timers.js';
import type { Synthesis } from '../../tts/synthesis.js';
import { endsSentence, TextBuffer } from '../../tts/text-buffer.js';
import { livekitKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { alignment, alignmentOf, clientMessage, type TtsSessionCreate } from './messages.js';

/** The model behind one without a profile. */
const DEFAULT_PROFILE = 'cartesia-sonic-3';
/** How long Cartesia waits for more text after words that end no sentence by default, ms (its documentation). */
const CARTESIA_BUFFER_MS = 3000;

/** How long the provider waits for more text, ms. */
function bufferMs({ model = '', extra = {} }: TtsSessionCreate): number {
  if (!model.startsWith('cartesia/')) return 0;
  const { max_buffer_delay_ms: askedMs } = extra;
  return typeof askedMs === 'number' ? askedMs : CARTESIA_BUFFER_MS;
}

/** One connection's session. Each answer is a synthesis: it begins with its first text and ends with a flush. */
class InferenceTtsSession {
  readonly #connection: SpeechConnection;
  readonly #create: TtsSessionCreate;
  readonly #id: string;
  readonly #buffer: TextBuffer;
  #synthesis: Synthesis | undefined;

  constructor(connection: SpeechConnection, create: TtsSessionCreate) {
    this.#connection = connection;
    this.#create = create;
    this.#id = `emulated-${connection.number}`;
    const timers = new Timers(connection.shared.clock);
    connection.socket.once('close', () => timers.close());
    this.#buffer = new TextBuffer({
      timers,
      isReady: endsSentence,
      maxDelayMs: bufferMs(create),
      speak: (text) => {
        this.#synthesis ??= this.#open();
        this.#synthesis.say(text);
      },
    });
    connection.send({ type: 'session.created', session_id: this.#id });
  }

  say(text: string): void {
    this.#buffer.add(text);
  }

  flush(): void {
    this.#buffer.flush();
    if (this.#synthesis) this.#synthesis.end();
    else this.#done();
    this.#synthesis = undefined;
  }

  #done(): void {
    this.#connection.send({ type: 'done', session_id: this.#id });
  }

  #open(): Synthesis {
    const { model = '', sample_rate, extra = {} } = this.#create;
    const kind = alignmentOf(extra);
    const session_id = this.#id;
    return this.#connection.openSynthesis({
      profile: this.#connection.shared.ttsProfileOf(model, DEFAULT_PROFILE),
      rateHz: Number(sample_rate),
      onAudio: (samples) =>
        this.#connection.send({
          type: 'output_audio',
          audio: bytesOf(samples).toString('base64'),
          session_id,
        }),
      onWords: (words) => {
        if (kind !== 'none') this.#connection.send(alignment(words, kind, session_id));
      },
      onDone: () => this.#done(),
      onError: () => this.#connection.send({ type: 'error', message: 'Emulated error.', session_id }),
    });
  }
}

function accept(connection: SpeechConnection): void {
  let session: InferenceTtsSession | undefined;
  connection.onMessage((data) => {
    const message = clientMessage.parse(JSON.parse(data.toString()));
    if (message.type === 'session.create') {
      session = new InferenceTtsSession(connection, message);
      return;
    }
    if (!session) throw new Error('the first message must be session.create');
    if (message.type === 'input_transcript') {
      session.say(message.transcript);
    } else if (message.type === 'session.flush') {
      session.flush();
    } else {
      connection.send({ type: 'session.closed', session_id: `emulated-${connection.number}` });
      connection.socket.close(1000);
    }
  });
}

/** LiveKit Inference's TTS: `wss://…/v1/tts`. */
export const inferenceTts: SpeechWire = {
  service: 'inference-tts',
  path: /\/v1\/tts$/,
  keyOf: livekitKey,
  accept,
};
