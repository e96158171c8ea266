import type { Timestamp } from '@bufbuild/protobuf';
import { HEARING_RATE_HZ, joined, resampleLinear, samplesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import { livekitKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { prediction, readRequest, sessionClosed, sessionCreated } from './messages.js';

/** The threshold that the service reports. LiveKit's own are not published; this is an assumption. */
const THRESHOLD = 0.5;
/** The model looks at the last 8 s of a turn. An assumption. */
const LONGEST_SAMPLES = 8 * HEARING_RATE_HZ;

/** The audio of the turn in hand. */
class TurnAudio {
  #pieces: Int16Array[] = [];
  #samples = 0;

  push(samples: Int16Array): void {
    this.#pieces.push(samples);
    this.#samples += samples.length;
    while (this.#samples - (this.#pieces[0]?.length ?? 0) >= LONGEST_SAMPLES) {
      this.#samples -= this.#pieces.shift()!.length;
    }
  }

  clear(): void {
    this.#pieces = [];
    this.#samples = 0;
  }

  read(): Int16Array {
    return joined(this.#pieces);
  }
}

function accept(connection: SpeechConnection): void {
  const audio = new TurnAudio();
  let rateHz = HEARING_RATE_HZ;
  let audioCreatedAt: Timestamp | undefined;
  const predict = (requestId: string) => {
    const askedMs = connection.shared.clock.nowMs();
    connection.predict({
      predict: () => connection.shared.predictTurnEnd(audio.read()),
      answer: (probability) => {
        const latencyMs = connection.shared.clock.nowMs() - askedMs;
        connection.sendBytes(prediction({ requestId, probability, latencyMs, audioCreatedAt }));
      },
    });
  };
  connection.onMessage((data) => {
    const request = readRequest(new Uint8Array(data));
    if (request.kind === 'create') {
      rateHz = request.rateHz;
      connection.sendBytes(sessionCreated(THRESHOLD, request.createdAt));
    } else if (request.kind === 'audio') {
      audioCreatedAt = request.createdAt;
      audio.push(resampleLinear(samplesOf(request.bytes), { fromHz: rateHz, toHz: HEARING_RATE_HZ }));
    } else if (request.kind === 'predict') {
      predict(request.requestId);
    } else if (request.kind === 'flush') {
      audio.clear();
    } else if (request.kind === 'close') {
      connection.sendBytes(sessionClosed());
      connection.socket.close(1000);
    }
  });
}

/** LiveKit's end-of-turn model `turn-detector-v1`: `wss://…/v1/eot`, protobuf. */
export const inferenceTurnDetector: SpeechWire = {
  service: 'inference-turn-detector',
  path: /\/v1\/eot$/,
  keyOf: livekitKey,
  accept,
};
