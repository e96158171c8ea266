import { arrayAt, isObject, MAX_DEPTH, numberAt, objectAt } from '../json.js';

/** Durations of a chat history's metrics, in seconds: three of the agent's messages, then three of the caller's. */
export const CHAT_DURATIONS = [
  'llm_node_ttft',
  'tts_node_ttfb',
  'e2e_latency',
  'transcription_delay',
  'end_of_turn_delay',
  'on_user_turn_completed_delay',
] as const;

/** No part of a turn takes this many seconds. */
const MAX_SECONDS = 120;

function ofMetrics(metrics: unknown): string[] {
  return CHAT_DURATIONS.flatMap((name) => {
    const seconds = numberAt(metrics, name);
    if (seconds === undefined) return [];
    if (seconds < 0) return [`${name} is negative`];
    return seconds > MAX_SECONDS
      ? [`${name} is ${seconds} s: in milliseconds where LiveKit writes seconds, or from an old time stamp`]
      : [];
  });
}

/**
 * Metrics of a chat history that cannot be true. The import drops negative figures as missing; here they
 * are reported.
 */
export function impossibleValuesIn(value: unknown, depth = 0): string[] {
  const within = (one: unknown) => impossibleValuesIn(one, depth + 1);
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap(within);
  if (!isObject(value)) return [];
  const message = objectAt(objectAt(value, 'chat.item'), 'message') ?? value;
  return [
    ...ofMetrics(objectAt(message, 'metrics')),
    ...arrayAt(value, 'items').flatMap(within),
    ...arrayAt(objectAt(value, 'chat_history'), 'items').flatMap(within),
  ];
}
