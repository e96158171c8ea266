import type { SttMeasurement, TtsMeasurement } from '@firstword/turn';
import { ascending, median, percentile } from '@firstword/turn/statistics';
import { findSttProfile, type SttProfile } from './stt/profiles.js';
import type { TtsProfile } from './tts/profiles.js';

const SOURCE = 'recorded with firstword record-speech';
const round = (ms: number) => Math.round(ms * 100) / 100;

/** A recorded delay. */
function delayOf(valuesMs: readonly number[]) {
  const recordedMs = valuesMs.map(round);
  const sorted = ascending(recordedMs);
  return { p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95), recordedMs };
}

const present = <T>(all: readonly T[], of: (one: T) => number | undefined) =>
  all.flatMap((one) => of(one) ?? []);

/** What no recording tells, for an engine without a published profile. */
const UNKNOWN_STT = {
  interim: { everyMs: 1000, lagMs: 100 },
  revision: 0,
  finalizeMs: 50,
  endpointingMs: 100,
  endsTurns: false,
  formatted: 'all',
} as const;

/**
 * The profile of an STT from its measurements; `undefined` where none succeeded.
 * @param model the engine's id; what a recording does not tell comes from its published profile
 */
export function recordedSttProfile(
  all: readonly SttMeasurement[],
  { name, model }: { name: string; model: string },
): SttProfile | undefined {
  const finals = present(all, ({ finalMs }) => finalMs);
  if (finals.length === 0) return undefined;
  const base = findSttProfile(model) ?? UNKNOWN_STT;
  const everyMs = median(present(all, ({ interimEveryMs }) => interimEveryMs)) ?? base.interim.everyMs;
  const eager = present(all, ({ finalMs, eagerMs }) =>
    finalMs === undefined || eagerMs === undefined || eagerMs > finalMs ? undefined : finalMs - eagerMs,
  );
  const { revision, finalizeMs, endpointingMs, endsTurns, formatted } = base;
  return {
    name,
    models: [],
    interim: { everyMs: Math.max(1, round(everyMs)), lagMs: base.interim.lagMs },
    revision,
    final: delayOf(finals),
    finalizeMs,
    endpointingMs,
    ...(eager.length > 0 ? { eager: delayOf(eager) } : {}),
    endsTurns,
    formatted,
    source: SOURCE,
    assumed: 'interim lag, revision, finalizeMs, endpointingMs, endsTurns, formatted',
  };
}

/** No engine generates faster than this: frames that come at once tell no speed. */
const MOST_SPEED = 1000;

/**
 * The profile of a TTS from its measurements; `undefined` where none succeeded. LiveKit's classes pass a frame on when they
 * have the next one, so the first audio came earlier than its frame, by the interval between two frames.
 */
export function recordedTtsProfile(all: readonly TtsMeasurement[], name: string): TtsProfile | undefined {
  const heard = all.filter(({ firstAudibleMs }) => firstAudibleMs !== undefined);
  if (heard.length === 0) return undefined;
  const frameMs = median(heard.map(({ audioMs, events }) => audioMs / Math.max(1, events.length)))!;
  const chunkMs = Math.max(1, round(frameMs));
  const intervalMs =
    median(heard.flatMap(({ events }) => (events[1] ? [events[1].atMs - events[0]!.atMs] : []))) ?? 0;
  return {
    name,
    models: [],
    firstAudio: delayOf(heard.map(({ firstByteMs }) => Math.max(0, firstByteMs! - intervalMs))),
    chunkMs,
    leadingSilenceMs: Math.max(
      0,
      round(median(heard.map(({ firstByteMs, firstAudibleMs }) => firstAudibleMs! - firstByteMs!))!),
    ),
    speed: Math.min(MOST_SPEED, chunkMs / Math.max(intervalMs, chunkMs / MOST_SPEED)),
    source: SOURCE,
    assumed: 'chunkMs is the frame of LiveKit’s class',
  };
}
