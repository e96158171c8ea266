/** An event of OpenAI's realtime API, or of one that takes its events over, as LiveKit's plugins pass it on. */
export type WireEvent = { type?: unknown; [field: string]: unknown };

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Duration of base64 PCM, mono, 16 bit, ms. */
export function pcmDurationMs(base64: unknown, rateHz: number): number {
  if (typeof base64 !== 'string') return 0;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (((base64.length * 3) / 4 - padding) / 2 / rateHz) * 1000;
}

/** The samples of base64 PCM; none if it is no text. */
export function pcmSamples(base64: unknown): Int16Array {
  const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  const samples = new Int16Array(Math.floor(bytes.length / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(2 * i);
  return samples;
}

/** The response that an event is about. */
export function responseIdOf(event: WireEvent): string | undefined {
  return textOf(event.response_id) ?? textOf(fieldsOf(event.response).id);
}

/** `audio_end_ms` of an end of speech. */
export const audioEndOf = (event: WireEvent): number | undefined => numberOf(event.audio_end_ms);

/** The conversation item that an event is about. */
export const itemIdOf = (event: WireEvent): string | undefined => textOf(event.item_id);

/** The conversation item that an event adds to a response. */
export const addedItemIdOf = (event: WireEvent): string | undefined => textOf(fieldsOf(event.item).id);

/** Whether an event begins a tool call. */
export const beginsToolCall = (event: WireEvent): boolean => fieldsOf(event.item).type === 'function_call';

/** Status, error and token counts of a `response.done`. */
export function endOf(event: WireEvent) {
  const response = fieldsOf(event.response);
  const usage = fieldsOf(response.usage);
  const input = fieldsOf(usage.input_token_details);
  const output = fieldsOf(usage.output_token_details);
  const error = fieldsOf(fieldsOf(response.status_details).error);
  const found = {
    status: textOf(response.status),
    errorCode: textOf(error.code) ?? textOf(error.type),
    promptTokens: numberOf(usage.input_tokens),
    completionTokens: numberOf(usage.output_tokens),
    cachedTokens: numberOf(input.cached_tokens),
    audioInputTokens: numberOf(input.audio_tokens),
    audioOutputTokens: numberOf(output.audio_tokens),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as {
    [name in keyof typeof found]?: NonNullable<(typeof found)[name]>;
  };
}

/** What a `session.created` or `session.updated` says of the session. */
export interface SessionFacts {
  turnDetectionSettings: Record<string, string | number>;
  emulatedProfile: string | undefined;
}

/** The settings that can own the wait for the end of a turn, by their names in LiveKit's `turnDetection` option. */
const OWNERS: Readonly<Record<string, string>> = {
  server_vad: 'silence_duration_ms',
  semantic_vad: 'eagerness',
};

/** Reads `session` of an event. xAI has `turn_detection` at the top. */
export function sessionFactsOf(event: WireEvent): SessionFacts {
  const session = fieldsOf(event.session);
  const detection = fieldsOf(
    fieldsOf(fieldsOf(session.audio).input).turn_detection ?? session.turn_detection,
  );
  const type = textOf(detection.type);
  const owner = type === undefined ? undefined : OWNERS[type];
  const value = owner === undefined ? undefined : detection[owner];
  const isKnown = typeof value === 'string' || typeof value === 'number';
  return {
    turnDetectionSettings: {
      ...(type === undefined ? {} : { 'turnDetection.type': type }),
      ...(owner && isKnown
        ? { [`turnDetection.${owner}`]: value, 'turnDetection.bound': `turnDetection.${owner}` }
        : {}),
    },
    emulatedProfile: textOf(session.firstword_emulated),
  };
}
