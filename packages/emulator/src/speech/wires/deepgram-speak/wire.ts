import { bytesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import type { Synthesis } from '../../tts/synthesis.js';
import { tokenKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { clientMessage, metadata } from './messages.js';

/** Deepgram's default sample rate, Hz. */
const DEFAULT_RATE_HZ = 24_000;

function accept(connection: SpeechConnection): void {
  const query = connection.url.searchParams;
  const model = query.get('model') ?? 'aura-2';
  let synthesis: Synthesis | undefined;
  let flushes = 0;
  const open = () =>
    connection.openSynthesis({
      // Ids of voices, such as `aura-2-thalia-en`, all belong to the one engine.
      profile: connection.shared.ttsProfileOf(model, 'deepgram-aura-2'),
      rateHz: Number(query.get('sample_rate') ?? DEFAULT_RATE_HZ),
      onAudio: (samples) => connection.sendBytes(bytesOf(samples)),
      onDone: () => {
        connection.send({ type: 'Flushed', sequence_id: flushes });
        flushes += 1;
      },
      onError: () => connection.send({ type: 'Error', description: 'Emulated error.', code: 'EMULATED' }),
    });
  connection.send(metadata(`emulated-${connection.number}`, model));
  connection.onMessage((data) => {
    const message = clientMessage.parse(JSON.parse(data.toString()));
    switch (message.type) {
      case 'Speak':
        synthesis ??= open();
        synthesis.say(message.text);
        return;
      case 'Flush':
        if (synthesis) synthesis.end();
        else connection.send({ type: 'Flushed', sequence_id: flushes });
        synthesis = undefined;
        return;
      case 'Clear':
        synthesis?.cancel();
        synthesis = undefined;
        connection.send({ type: 'Cleared', sequence_id: flushes });
        return;
      case 'Close':
        connection.socket.close(1000);
    }
  });
}

/** Deepgram's Aura: `wss://…/v1/speak`. */
export const deepgramSpeak: SpeechWire = {
  service: 'deepgram-tts',
  path: /\/v1\/speak$/,
  keyOf: tokenKey,
  accept,
};
