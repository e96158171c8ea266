import type { TurnRecord } from '@firstword/turn';
import { telemetry, type voice } from '@livekit/agents';
import { type Context, metrics } from '@opentelemetry/api';
import { TurnInstruments } from './otel/turn-instruments.js';
import { traceTurn } from './otel/turn-spans.js';

const NAME = 'firstword';

/**
 * Exports turn records as spans below LiveKit's `agent_session` span, on LiveKit's tracer, and as metrics on OpenTelemetry's
 * global meter. Without a tracer or a meter, that part does nothing.
 */
export class SessionTelemetry {
  readonly #session: voice.AgentSession;
  /** Kept here because LiveKit clears its own at close, before the last record is exported. */
  #parent: Context | undefined;
  /** Created with the first turn: instruments created before the meter is set up record nothing. */
  #instruments: TurnInstruments | undefined;

  constructor(session: voice.AgentSession) {
    this.#session = session;
  }

  /** A turn was committed: the session's span exists now. */
  committed(): void {
    this.#parent = this.#session.rootSpanContext ?? this.#parent;
  }

  /** A turn's record is complete. */
  ended(record: TurnRecord): void {
    const tracer = telemetry.tracer.getProvider().getTracer(NAME);
    // LiveKit's `llm_request` span has the token counts already.
    traceTurn(record, { tracer, parent: this.#parent, usage: false });
    this.#instruments ??= new TurnInstruments(metrics.getMeter(NAME));
    this.#instruments.observe(record);
  }
}
