import { arrayAt, isObject, type JsonObject, objectAt, textAt } from './json.js';

/** Input of a known format in which there are no turns, and what to export instead. */
export interface RefusedInput {
  /** `Twilio Voice Insights` */
  format: string;
  /** Why there are no turns in it; a sentence without its subject, such as `has no figures of the agent`. */
  reason: string;
  /** What to export instead; an imperative. */
  instead: string;
  /** Lines, or documents. */
  lines: number;
}

/** A format that is refused. */
export type Refusal = Omit<RefusedInput, 'lines'>;

/** What every LiveKit agent can export. */
const LIVEKIT_EXPORT =
  'the chat history (`conversation_item_added` of both sides, or `session.history` at the end), or the log with its JSON fields';

/** Telephone quality of a call; nothing of the agent's stages. */
const TWILIO: Refusal = {
  format: 'Twilio Voice Insights',
  reason: 'describes the telephone leg (jitter, loss, round trip) and has no figures of the agent',
  instead: `export what the agent itself reports: ${LIVEKIT_EXPORT}`,
};

const OTLP_METRICS: Refusal = {
  format: 'OTLP metrics',
  reason: 'are counts and histograms over all turns, in which no turn can be told from another',
  instead: 'export the traces (OTLP/JSON, Tempo, Jaeger, Langfuse) or the chat history of the same calls',
};

const OTHER_TRACES: Refusal = {
  format: 'Zipkin spans',
  reason: 'are not read',
  instead: 'export the same spans as OTLP/JSON, from Tempo, Jaeger or Langfuse',
};

const RETELL_WITHOUT: Refusal = {
  format: 'a Retell call without `latency`',
  reason: 'has no figures: Retell fills them in when the call has ended',
  instead: 'get the call again after its end (`GET /v2/get-call/{call_id}`)',
};

const VAPI_WITHOUT: Refusal = {
  format: 'a Vapi call without `performanceMetrics`',
  reason: 'has no figures of its turns',
  instead:
    'get the call again after its end (`GET /call/{id}`): `artifact.performanceMetrics.turnLatencies` has them',
};

/** A formatter that prints only the message; Python's default one does. */
export const FIGURES_DROPPED: Refusal = {
  format: 'LiveKit’s metrics without their figures',
  reason:
    'are log lines such as “EOU metrics” alone: your formatter drops the figures, which LiveKit passes as `extra` fields',
  instead:
    'keep LiveKit’s own log (`python agent.py start` prints JSON, `dev` prints the fields after the message), or use a formatter ' +
    'that prints extra fields: `python-json-logger`, or `logging.Formatter` with the figures in its format; in Node, keep pino’s ' +
    'JSON. `print(ev.metrics)` in a `metrics_collected` handler works too',
};

/** Prose, or the output of other programs. */
export const PROSE: Refusal = {
  format: 'Prose, or a log of another program,',
  reason: 'holds no figures that could be read reliably',
  instead: `give the data itself: ${LIVEKIT_EXPORT}`,
};

const EDGES = ['carrier_edge', 'sip_edge', 'sdk_edge', 'client_edge'];
const TWILIO_EVENT = /^com\.twilio\./;

function isTwilio(value: JsonObject): boolean {
  const isSid = /^(?:CA|AC)/.test(
    textAt(value, 'sid') ?? textAt(value, 'call_sid') ?? textAt(value, 'callSid') ?? '',
  );
  const hasEdge =
    EDGES.some((edge) => objectAt(value, edge) !== undefined) || textAt(value, 'edge')?.endsWith('_edge');
  return (
    TWILIO_EVENT.test(textAt(value, 'type') ?? '') ||
    hasEdge === true ||
    (isSid &&
      ['account_sid', 'call_state', 'call_type', 'subresource_uris', 'direction'].some((key) => key in value))
  );
}

const isZipkin = (value: unknown): boolean =>
  isObject(value) && textAt(value, 'traceId') !== undefined && isObject(value.localEndpoint);

/** Lists under which APIs return their objects. */
const LISTS = ['metrics', 'calls', 'data', 'call_summaries', 'results'];

/** Why an object of a known format holds no turns; `undefined` for other objects. */
export function refusalOf(value: unknown): Refusal | undefined {
  if (Array.isArray(value)) return isObject(value[0]) ? refusalOf(value[0]) : undefined;
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.resourceMetrics)) return OTLP_METRICS;
  if (isTwilio(value)) return TWILIO;
  if (isZipkin(value)) return OTHER_TRACES;
  if (textAt(value, 'call_id') && textAt(value, 'agent_id') && textAt(value, 'call_status'))
    return RETELL_WITHOUT;
  if (
    textAt(value, 'orgId') &&
    ['webCall', 'inboundPhoneCall', 'outboundPhoneCall', 'vapi.websocketCall'].includes(
      textAt(value, 'type') ?? '',
    )
  )
    return VAPI_WITHOUT;
  const listed = LISTS.map((list) => arrayAt(value, list)[0]).find((one) => isObject(one) && isTwilio(one));
  return listed === undefined ? undefined : TWILIO;
}

/** Counts what was refused, by format. */
export class RefusedInputs {
  readonly #found = new Map<Refusal, number>();

  add(refusal: Refusal, lines = 1): void {
    this.#found.set(refusal, (this.#found.get(refusal) ?? 0) + lines);
  }

  list(): RefusedInput[] {
    return [...this.#found].map(([refusal, lines]) => ({ ...refusal, lines }));
  }
}

/** `Twilio Voice Insights describes … : export …` */
export const refusedText = ({ format, reason, instead }: Refusal): string =>
  `${format} ${reason}: ${instead}`;
