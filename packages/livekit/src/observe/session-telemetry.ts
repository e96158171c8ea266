import type { TurnRecord } from '@firstword/turn';
import { telemetry, type voice } from '@livekit/agents';
import { type Context, metrics } from '@opentelemetry/api';
import { TurnInstruments } from './otel/turn-instruments.js';
import { traceTurn } from './otel/turn-spans.js';

const NAME = 'firstword';

/**
 * Turn records as spans below LiveKit's own `agent_session` span, on whatever tracer LiveKit has, and as metrics on
 * OpenTelemetry's global meter. Where neither is set up, both do nothing.
 */
export class SessionTelemetry {
  readonly #session: voice.AgentSession;
  /** LiveKit forgets its own on closing, before the last record is told. */
  #parent: Context | undefined;
  /** Made with the first turn: instruments of a meter that is set up later would stay dead. */
  #instruments: TurnInstruments | undefined;

  constructor(session: voice.AgentSession) {
    this.#session = session;
  }

  /** A turn was committed: the session has its span. */
  committed(): void {
    this.#parent = this.#session.rootSpanContext ?? this.#parent;
  }

  /** A turn's record is complete. */
  ended(record: TurnRecord): void {
    const tracer = telemetry.tracer.getProvider().getTracer(NAME);
    // LiveKit's `llm_request` has the tokens.
    traceTurn(record, { tracer, parent: this.#parent, usage: false });
    this.#instruments ??= new TurnInstruments(metrics.getMeter(NAME));
    this.#instruments.observe(record);
  }
}
