import { HEARING_RATE_HZ, resampleLinear, samplesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import type { SttUpdate } from '../../stt/update.js';
import { tokenKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { clientMessage, metadata, results, speechStarted, utteranceEnd } from './messages.js';

/** The default sample rate of linear16 audio, Hz. */
const DEFAULT_RATE_HZ = 16_000;

function accept(connection: SpeechConnection): void {
  const query = connection.url.searchParams;
  const model = query.get('model') ?? 'nova-3';
  const requestId = `emulated-${connection.number}`;
  const rateHz = Number(query.get('sample_rate') ?? DEFAULT_RATE_HZ);
  const endpointing = query.get('endpointing');
  const utteranceEndMs = query.get('utterance_end_ms');
  let isFinalizing = false;
  const send = (update: SttUpdate, isFinal: boolean) =>
    connection.send(results(update, { requestId, model, isFinal, fromFinalize: isFinal && isFinalizing }));
  const onUpdate = (update: SttUpdate) => {
    if (update.kind === 'speech-started') {
      if (query.get('vad_events') === 'true') connection.send(speechStarted(update.fromMs));
    } else if (update.kind === 'interim') {
      send(update, false);
    } else if (update.kind === 'final') {
      send(update, true);
      if (utteranceEndMs !== null && update.endsSpeech) {
        connection.later(Number(utteranceEndMs), () => connection.send(utteranceEnd(update.toMs)));
      }
    }
  };
  const session = connection.openStt({
    profile: connection.shared.sttProfileOf(model, 'deepgram-nova-3'),
    interims: query.get('interim_results') === 'true',
    // `false` switches endpointing off: finals then come only when the client asks.
    endpointingMs:
      endpointing === 'false'
        ? Number.POSITIVE_INFINITY
        : endpointing === null
          ? undefined
          : Number(endpointing),
    onUpdate,
  });
  connection.onMessage((data, isBinary) => {
    if (isBinary) {
      session.push(resampleLinear(samplesOf(data), { fromHz: rateHz, toHz: HEARING_RATE_HZ }));
      return;
    }
    const { type } = clientMessage.parse(JSON.parse(data.toString()));
    if (type === 'KeepAlive') return;
    isFinalizing = true;
    session.finalize(() => {
      isFinalizing = false;
      if (type !== 'CloseStream') return;
      connection.send(metadata(requestId, session.positionMs, model));
      connection.socket.close(1000);
    });
  });
}

/** Deepgram's streaming STT with the Nova models: `wss://…/v1/listen`. */
export const deepgramListen: SpeechWire = {
  service: 'deepgram-stt',
  path: /\/v1\/listen$/,
  keyOf: tokenKey,
  accept,
};
