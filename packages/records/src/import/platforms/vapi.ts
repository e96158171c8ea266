import type { TurnObservation } from '@firstword/turn';
import {
  arrayAt,
  definedOnly,
  isObject,
  type JsonObject,
  MAX_DURATION_MS,
  numberAt,
  objectAt,
  textAt,
} from '../json.js';

/** `imported.from` of turns that were read from a call of Vapi. */
export const VAPI = 'Vapi call';

const sum = (...parts: (number | undefined)[]): number | undefined => {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, part) => total + part, 0);
};

/** A latency in ms. */
function latencyAt(turn: unknown, key: string): number | undefined {
  const ms = numberAt(turn, key);
  return ms === undefined || ms < 0 || ms > MAX_DURATION_MS ? undefined : ms;
}

/** A webhook carries the call, or an end-of-call report, under `message`. */
function callOf(value: unknown): JsonObject | undefined {
  const message = objectAt(value, 'message') ?? value;
  return objectAt(objectAt(message, 'artifact'), 'performanceMetrics') ? (message as JsonObject) : undefined;
}

/**
 * A call of Vapi, as its API and its end-of-call report have it (server-sdk-typescript, 25 June 2026, `TurnLatency`). The
 * transcriber, the endpointing, the model's first token and the voice follow each other and add up to `turnLatency`, in ms.
 * @returns `undefined` where the value is none
 */
export function turnsOfVapi(value: unknown): TurnObservation[] | undefined {
  const call = callOf(value);
  const turns = arrayAt(objectAt(objectAt(call, 'artifact'), 'performanceMetrics'), 'turnLatencies');
  if (!call) return undefined;
  const inner = objectAt(call, 'call');
  const callId = textAt(call, 'id') ?? textAt(inner, 'id') ?? 'call';
  const started = Date.parse(textAt(call, 'startedAt') ?? textAt(call, 'createdAt') ?? '');
  const model = modelOf(call, 'model');
  return turns.filter(isObject).map((turn, at) => {
    const transcriptionDelayMs = latencyAt(turn, 'transcriberLatency');
    return {
      callId,
      turn: at + 1,
      at: new Date(started > 0 ? started : 0).toISOString(),
      marks: {},
      interrupted: false,
      bargeIn: false,
      toolCalls: 0,
      ...definedOnly({
        llm: model && { ...model, emulated: false, requests: 1 },
        tts: modelOf(call, 'voice'),
        stt: modelOf(call, 'transcriber'),
      }),
      imported: {
        from: VAPI,
        ...definedOnly({
          e2eMs: latencyAt(turn, 'turnLatency'),
          transcriptionDelayMs,
          endOfTurnDelayMs: sum(transcriptionDelayMs, latencyAt(turn, 'endpointingLatency')),
          llmTtftMs: latencyAt(turn, 'modelLatency'),
          ttsTtfbMs: latencyAt(turn, 'voiceLatency'),
        }),
      },
    };
  });
}

/** What the call's assistant answers, speaks or listens with. */
function modelOf(call: JsonObject, part: 'model' | 'voice' | 'transcriber') {
  const about = objectAt(objectAt(call, 'assistant'), part);
  const provider = textAt(about, 'provider');
  if (provider === undefined) return undefined;
  return { provider, model: textAt(about, 'model') ?? 'unknown' };
}
