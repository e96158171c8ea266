import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import type { RawData, WebSocket } from 'ws';
import type { SpeechFaultSchedule } from '../faults/schedule.js';
import type { PredictionFault } from '../faults/speech-fault.js';
import type { Recognizer } from '../hear/recognizer.js';
import type { SpeechService, SpeechServiceStats } from '../service.js';
import type { SttProfile } from '../stt/profiles.js';
import { SttSession, type SttSessionOptions } from '../stt/session.js';
import type { TtsProfile } from '../tts/profiles.js';
import { Synthesis, type SynthesisOptions } from '../tts/synthesis.js';
import type { Voice } from '../tts/voice.js';

/** What all connections of an emulator share. */
export interface SharedParts {
  clock: Clock;
  seed: number;
  /** Of connections that are opened from now on. */
  recognizer: Recognizer;
  voice: Voice;
  /** The timing of an engine: the emulator's own setting, the model's, or this default's. */
  sttProfileOf(model: string, byDefault: string): SttProfile;
  ttsProfileOf(model: string, byDefault: string): TtsProfile;
  predictTurnEnd(audio: Int16Array): number | Promise<number>;
  predictInterruption(audio: Int16Array): boolean | Promise<boolean>;
  predictionMs: number;
  /** The present fault schedule; `setSpeechFaults` replaces it. */
  faults(): SpeechFaultSchedule;
}

/** A wire's own part of the options of a session. */
export type OwnSttOptions = Omit<
  SttSessionOptions,
  'recognizer' | 'clock' | 'delays' | 'details' | 'nextFault' | 'onReset'
>;

/** A wire's own part of the options of a synthesis. */
export type OwnSynthesisOptions = Omit<
  SynthesisOptions,
  'voice' | 'clock' | 'delays' | 'fault' | 'onFault'
> & {
  /** Sends the service's error message. */
  onError: () => void;
};

/** Resets a TCP connection. One with TLS can only be destroyed. */
export function resetSocket(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

/** One client's WebSocket, and what its wire needs. Closing it stops everything that was opened through it. */
export class SpeechConnection {
  readonly socket: WebSocket;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly shared: SharedParts;
  readonly #service: SpeechService;
  readonly #stats: SpeechServiceStats;
  readonly #tcp: Socket;
  /** Number of the connection at its service, from 1. It is part of every seed. */
  readonly number: number;
  #parts = 0;
  readonly #closers = new Set<() => void>();

  constructor(options: {
    socket: WebSocket;
    tcp: Socket;
    url: URL;
    headers: IncomingHttpHeaders;
    service: SpeechService;
    shared: SharedParts;
    stats: SpeechServiceStats;
  }) {
    const { socket, tcp, url, headers, service, shared, stats } = options;
    this.socket = socket;
    this.url = url;
    this.headers = headers;
    this.shared = shared;
    this.#tcp = tcp;
    this.#service = service;
    this.#stats = stats;
    this.number = stats.connections;
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      for (const close of this.#closers) close();
    });
  }

  /** Calls `read` with each message; one that throws closes the connection as a protocol error (1007). */
  onMessage(read: (data: Buffer, isBinary: boolean) => void): void {
    this.socket.on('message', (data: RawData, isBinary: boolean) => {
      try {
        read(Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer), isBinary);
      } catch (error) {
        this.socket.close(1007, (error instanceof Error ? error.message : 'invalid message').slice(0, 120));
      }
    });
  }

  /** Sends a JSON message, unless the client has left. */
  send(message: object): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Sends bytes, unless the client has left. */
  sendBytes(bytes: Uint8Array): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(bytes);
  }

  /** Resets the TCP connection, so that the client gets an error instead of a close. */
  reset(): void {
    resetSocket(this.#tcp);
  }

  /** Runs `work` after `delayMs`, unless the connection has closed by then. */
  later(delayMs: number, work: () => void): void {
    const cancel = this.shared.clock.schedule(delayMs, () => {
      this.#closers.delete(cancel);
      work();
    });
    this.#closers.add(cancel);
  }

  /** Opens an STT session on this connection. */
  openStt(own: OwnSttOptions): SttSession {
    const { recognizer, clock, faults } = this.shared;
    const session = new SttSession({
      ...own,
      recognizer,
      clock,
      delays: this.#random('final'),
      details: this.#random('details'),
      nextFault: () => faults().utterance(this.#service),
      onReset: () => this.reset(),
      onUpdate: (update) => {
        if (update.kind === 'final') this.#stats.finals += 1;
        own.onUpdate(update);
      },
    });
    this.#closers.add(() => session.close());
    return session;
  }

  /** Opens a synthesis on this connection. */
  openSynthesis(own: OwnSynthesisOptions): Synthesis {
    const { voice, clock, faults } = this.shared;
    this.#stats.syntheses += 1;
    const synthesis = new Synthesis({
      ...own,
      voice,
      clock,
      delays: this.#random('first audio'),
      fault: faults().synthesis(this.#service),
      onFault: (action) => {
        if (action === 'reset') this.reset();
        else if (action === 'close') this.socket.close(1000);
        else own.onError();
      },
    });
    this.#closers.add(() => synthesis.cancel());
    return synthesis;
  }

  /** Calls `answer` when a prediction is due, unless a fault prevents it. */
  predict<T>(options: { predict: () => T | Promise<T>; answer: (prediction: T) => void }): void {
    const { clock, predictionMs, faults } = this.shared;
    this.#stats.predictions += 1;
    const fault: PredictionFault | undefined = faults().prediction(this.#service);
    if (fault?.kind === 'prediction-never') return;
    if (fault?.kind === 'close-prediction') {
      this.socket.close(1011);
      return;
    }
    const delayMs = predictionMs + (fault?.kind === 'prediction-late' ? fault.delayMs : 0);
    const dueMs = clock.nowMs() + delayMs;
    void Promise.resolve(options.predict()).then((prediction) => {
      this.later(dueMs - clock.nowMs(), () => options.answer(prediction));
    });
  }

  #random(purpose: string) {
    this.#parts += 1;
    return seededRandom(this.shared.seed, this.#service, String(this.number), String(this.#parts), purpose);
  }
}
