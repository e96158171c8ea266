import type { stt } from '@livekit/agents';

/**
 * Whether an STT of Deepgram Flux was made with `eagerEotThreshold`. Its options are visible only in what a stream of it would
 * ask the service for; the stream is closed before it connects.
 *
 * - Read in: `@livekit/agents-plugin-deepgram` 1.9.0, `stt_v2.ts`, class `SpeechStreamv2`, method `_liveConfig` (internal).
 * - If it changes: the threshold counts as set, and Flux reports no likely ends of turns unless the user sets it.
 *   `session/vendors/tune.test.ts` fails.
 */
export function hasEagerThreshold(part: stt.STT): boolean {
  const stream = part.stream();
  try {
    const config: unknown = Reflect.get(stream, '_liveConfig');
    if (typeof config !== 'function') return true;
    const options: unknown = config.call(stream);
    return typeof options !== 'object' || options === null || 'eager_eot_threshold' in options;
  } finally {
    stream.close();
  }
}
