import { HEARING_RATE_HZ, resampleLinear, samplesOf } from '../../audio/pcm.js';
import type { SpeechConnection } from '../../server/connection.js';
import type { SttUpdate } from '../../stt/update.js';
import { tokenKey } from '../keys.js';
import type { SpeechWire } from '../wire.js';
import { clientMessage, connected, type TurnEvent, turnInfo } from './messages.js';

const EVENTS: Partial<Record<SttUpdate['kind'], TurnEvent>> = {
  interim: 'Update',
  'eager-end': 'EagerEndOfTurn',
  resumed: 'TurnResumed',
  final: 'EndOfTurn',
};

/** Sends the turns of one stream. A turn begins with its first words, not with the first sound. */
class TurnReporter {
  readonly #connection: SpeechConnection;
  readonly #requestId: string;
  #sequence = 0;
  #index = 0;
  #isStarted = false;

  constructor(connection: SpeechConnection, requestId: string) {
    this.#connection = connection;
    this.#requestId = requestId;
  }

  report(update: SttUpdate): void {
    const event = EVENTS[update.kind];
    if (!event || (update.words.length === 0 && !this.#isStarted)) return;
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#send('StartOfTurn', update);
      if (event === 'Update') return;
    }
    this.#send(event, update);
    if (event === 'EndOfTurn') {
      this.#isStarted = false;
      this.#index += 1;
    }
  }

  #send(event: TurnEvent, update: SttUpdate): void {
    this.#sequence += 1;
    const turn = { requestId: this.#requestId, sequence: this.#sequence, index: this.#index };
    this.#connection.send(turnInfo(event, update, turn));
  }
}

function accept(connection: SpeechConnection): void {
  const query = connection.url.searchParams;
  const requestId = `emulated-${connection.number}`;
  const rateHz = Number(query.get('sample_rate') ?? HEARING_RATE_HZ);
  const turns = new TurnReporter(connection, requestId);
  const session = connection.openStt({
    profile: connection.shared.sttProfileOf(query.get('model') ?? '', 'deepgram-flux'),
    eager: query.has('eager_eot_threshold'),
    onUpdate: (update) => turns.report(update),
  });
  connection.send(connected(requestId));
  connection.onMessage((data, isBinary) => {
    if (isBinary) {
      session.push(resampleLinear(samplesOf(data), { fromHz: rateHz, toHz: HEARING_RATE_HZ }));
      return;
    }
    const { type } = clientMessage.parse(JSON.parse(data.toString()));
    if (type === 'ForceEndTurn') session.finalize();
    if (type === 'CloseStream') session.finalize(() => connection.socket.close(1000));
  });
}

/** Deepgram's Flux: `wss://…/v2/listen`, with turns and likely ends. */
export const deepgramFlux: SpeechWire = {
  service: 'deepgram-flux',
  path: /\/v2\/listen$/,
  keyOf: tokenKey,
  accept,
};
