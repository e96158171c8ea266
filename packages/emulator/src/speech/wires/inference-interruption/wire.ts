import { HEARING_RATE_HZ, resampleLinear, samplesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import { livekitKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { clientMessage, readAudio, verdict } from './messages.js';

/** The threshold that the service reports. LiveKit's own is not published; this is an assumption. */
const THRESHOLD = 0.5;

function accept(connection: SpeechConnection): void {
  const { clock, predictInterruption } = connection.shared;
  let rateHz = HEARING_RATE_HZ;
  connection.onMessage((data, isBinary) => {
    if (isBinary) {
      const { createdAt, bytes } = readAudio(data);
      const samples = resampleLinear(samplesOf(bytes), { fromHz: rateHz, toHz: HEARING_RATE_HZ });
      const askedMs = clock.nowMs();
      connection.predict({
        predict: () => predictInterruption(samples),
        answer: (isInterruption) =>
          connection.send(verdict({ createdAt, isInterruption, latencyMs: clock.nowMs() - askedMs })),
      });
      return;
    }
    const message = clientMessage.parse(JSON.parse(data.toString()));
    if (message.type === 'session.create') {
      rateHz = message.settings.sample_rate;
      connection.send({ type: 'session.created', default_threshold: THRESHOLD });
    } else {
      connection.send({ type: 'session.closed' });
      connection.socket.close(1000);
    }
  });
}

/** LiveKit's adaptive interruption: `wss://…/v1/bargein`. */
export const inferenceInterruption: SpeechWire = {
  service: 'inference-interruption',
  path: /\/v1\/bargein$/,
  keyOf: livekitKey,
  accept,
};
