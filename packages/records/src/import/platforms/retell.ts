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

/** `imported.from` of turns that were read from a call of Retell. */
export const RETELL = 'Retell call';
/** The same, where a call has only percentiles: its medians make one turn. */
export const RETELL_MEDIANS = 'Retell call, its medians';

/** What Retell tracks, and what it is here. A speech-to-speech model has `s2s` in place of `llm`. */
const STAGES = {
  transcriptionDelayMs: ['asr'],
  userLogicMs: ['knowledge_base'],
  llmTtftMs: ['llm', 's2s'],
  ttsTtfbMs: ['tts'],
} as const;
type Stage = keyof typeof STAGES;

const isLatency = (ms: unknown): ms is number =>
  typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms <= MAX_DURATION_MS;

/** The figures of a stage in the order of the turns: all of them, or none. */
function valuesOf(tracked: JsonObject | undefined): readonly number[] {
  const values = arrayAt(tracked, 'values');
  return values.every(isLatency) ? values : [];
}

/** The figures of each turn. Stages that were tracked in other turns, or more often, cannot be assigned: only medians are left. */
function figuresOf(latency: JsonObject): {
  from: string;
  turns: (Partial<Record<Stage, number>> & { e2eMs?: number })[];
} {
  const stages = Object.entries(STAGES).flatMap(([stage, names]) => {
    const tracked = names.map((name) => objectAt(latency, name)).find((one) => one !== undefined);
    return tracked ? [[stage as Stage, tracked] as const] : [];
  });
  const whole = valuesOf(objectAt(latency, 'e2e'));
  const isAligned = stages.every(([, tracked]) => valuesOf(tracked).length === whole.length);
  if (whole.length > 0 && isAligned) {
    const turns = whole.map((e2eMs, at) => ({
      e2eMs,
      ...Object.fromEntries(stages.map(([stage, tracked]) => [stage, valuesOf(tracked)[at]])),
    }));
    return { from: RETELL, turns };
  }
  const medians = stages.flatMap(([stage, tracked]) => {
    const median = numberAt(tracked, 'p50');
    return isLatency(median) ? [[stage, median]] : [];
  });
  const e2eMs = numberAt(objectAt(latency, 'e2e'), 'p50');
  const turn = { ...(isLatency(e2eMs) ? { e2eMs } : {}), ...Object.fromEntries(medians) };
  return { from: RETELL_MEDIANS, turns: Object.keys(turn).length > 0 ? [turn] : [] };
}

/**
 * A call of Retell, as its API and its webhooks have it (retell-typescript-sdk, 31 July 2026): `latency` has percentiles and
 * every value of the end-to-end time and of each stage, in ms. `e2e` ends when the agent starts to speak, without the network.
 * @returns `undefined` where the value is none
 */
export function turnsOfRetell(value: unknown): TurnObservation[] | undefined {
  const call = objectAt(value, 'call') ?? value;
  const latency = objectAt(call, 'latency');
  if (!isObject(call) || !latency || textAt(call, 'call_id') === undefined) return undefined;
  const { from, turns } = figuresOf(latency);
  const startedMs = numberAt(call, 'start_timestamp');
  return turns.map((figures, at) => ({
    callId: textAt(call, 'call_id')!,
    turn: at + 1,
    at: new Date(isLatency(startedMs) || (startedMs ?? 0) < 1e14 ? (startedMs ?? 0) : 0).toISOString(),
    marks: {},
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    imported: { from, ...definedOnly(figures) },
  }));
}
