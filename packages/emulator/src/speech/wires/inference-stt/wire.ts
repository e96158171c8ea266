import { HEARING_RATE_HZ, resampleLinear, samplesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import type { SttSession } from '../../stt/session.js';
import type { SttUpdate } from '../../stt/update.js';
import { livekitKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { clientMessage, type SttSessionCreate, type TranscriptType, transcript } from './messages.js';

/** The model behind `auto`, and behind a model without a profile. */
const DEFAULT_PROFILE = 'deepgram-nova-3';

const TYPES: Partial<Record<SttUpdate['kind'], TranscriptType>> = {
  interim: 'interim_transcript',
  'eager-end': 'preflight_transcript',
  resumed: 'interim_transcript',
  final: 'final_transcript',
};

/** A number among a model's options. */
function numberIn(extra: Record<string, unknown>, name: string): number | undefined {
  const value = extra[name];
  return typeof value === 'number' ? value : undefined;
}

function openSession(connection: SpeechConnection, create: SttSessionCreate): SttSession {
  const { extra = {}, language = 'en' } = create.settings;
  const model = create.model ?? connection.url.searchParams.get('model') ?? 'auto';
  const profile = connection.shared.sttProfileOf(model, DEFAULT_PROFILE);
  const session = { id: `emulated-${connection.number}`, language };
  const stt = connection.openStt({
    profile,
    interims: extra.interim_results !== false,
    // Deepgram's name, then AssemblyAI's.
    endpointingMs:
      numberIn(extra, 'endpointing') ?? numberIn(extra, 'min_end_of_turn_silence_when_confident'),
    eager: true,
    // AssemblyAI formats its finals only if it is asked to.
    formatsFinals: extra.format_turns !== false,
    onUpdate: (update) => {
      const type = TYPES[update.kind];
      if (type) connection.send(transcript(type, update, session));
      // Engines with a turn detection of their own report the onset; the others leave it to the first transcript.
      else if (profile.endsTurns) connection.send({ type: 'start_of_speech' });
    },
  });
  connection.send({ type: 'session.created', session_id: session.id });
  return stt;
}

function accept(connection: SpeechConnection): void {
  let stt: SttSession | undefined;
  let rateHz = HEARING_RATE_HZ;
  connection.onMessage((data) => {
    const message = clientMessage.parse(JSON.parse(data.toString()));
    if (message.type === 'session.create') {
      rateHz = Number(message.settings.sample_rate);
      stt = openSession(connection, message);
      return;
    }
    if (!stt) throw new Error('the first message must be session.create');
    if (message.type === 'input_audio') {
      const samples = samplesOf(Buffer.from(message.audio, 'base64'));
      stt.push(resampleLinear(samples, { fromHz: rateHz, toHz: HEARING_RATE_HZ }));
    } else if (message.type === 'session.finalize') {
      stt.finalize(() => connection.send({ type: 'session.finalized' }));
    } else if (message.type === 'session.close') {
      // Without a `session.closed`, which is optional: with Node 20 it makes LiveKit Agents 1.9.0 throw an uncaught
      // exception, because it writes what arrives after its own close to a stream that is closed.
      connection.socket.close(1000);
    }
  });
}

/** LiveKit Inference's STT: `wss://…/v1/stt`. */
export const inferenceStt: SpeechWire = {
  service: 'inference-stt',
  path: /\/v1\/stt$/,
  keyOf: livekitKey,
  accept,
};
