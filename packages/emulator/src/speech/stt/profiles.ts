import { unknownName } from '@firstword/turn';
import { isProfileFile, readSpeechProfile } from '../profile-file.js';

/** A delay by its percentiles, ms: lognormal, unless it was recorded. */
export interface DelayPercentiles {
  p50Ms: number;
  p95Ms: number;
  /** Recorded delays, ms: one of them is drawn each time. Default: lognormal. */
  recordedMs?: readonly number[] | undefined;
}

/** When an STT engine reports what it has heard. */
export interface SttProfile {
  /** Short name, as in `speech` options. */
  name: string;
  /** The engine's ids: at its vendor, and in LiveKit Inference. */
  models: readonly string[];
  /** Interim transcripts: their interval while the caller speaks, and how old the newest word in one is, ms. */
  interim: { everyMs: number; lagMs: number };
  /** Probability that the last word of an interim is cut short, and told right by the next one. */
  revision: number;
  /** From the last sample of speech to the final transcript. */
  final: DelayPercentiles;
  /** From a client's request to finalize to the final transcript, ms. */
  finalizeMs: number;
  /** Silence that ends a segment unless the client asks for another, ms. */
  endpointingMs: number;
  /** How much earlier than the final the engine reports a likely end of the turn, if it does. */
  eager?: DelayPercentiles | undefined;
  /**
   * Whether a final is sent for a whole turn: speech that goes on before it is sent continues the turn. Otherwise it is sent
   * for a segment, although speech goes on.
   */
  endsTurns: boolean;
  /** Which transcripts have capitals, punctuation and numerals. */
  formatted: 'all' | 'finals';
  /** Where `final`, `interim` and `eager` were published. */
  source: string;
  /** The figures that nobody has published. */
  assumed: string;
}

const BENCHMARK =
  'final: pipecat-ai/stt-benchmark, 1,000 recordings of people, 2026 (its client asks to finalize 200 ms after the end)';
const NOT_PUBLISHED = 'revision and finalizeMs; confidences';

/** The engines whose timing is emulated. */
export const STT_PROFILES: readonly SttProfile[] = [
  {
    name: 'deepgram-nova-3',
    models: ['nova-3', 'nova-3-general', 'nova-3-medical', 'nova-2', 'nova-2-general', 'nova-2-phonecall'],
    interim: { everyMs: 1000, lagMs: 100 },
    revision: 0.2,
    final: { p50Ms: 247, p95Ms: 298 },
    finalizeMs: 50,
    endpointingMs: 10,
    endsTurns: false,
    formatted: 'all',
    source: `${BENCHMARK}; interim: the example in developers.deepgram.com/docs/using-interim-results`,
    assumed: `interim lag; ${NOT_PUBLISHED}`,
  },
  {
    name: 'deepgram-flux',
    models: ['flux-general-en', 'flux-general-multi', 'flux-general'],
    interim: { everyMs: 250, lagMs: 100 },
    revision: 0.1,
    final: { p50Ms: 260, p95Ms: 1500 },
    finalizeMs: 50,
    endpointingMs: 0,
    eager: { p50Ms: 150, p95Ms: 350 },
    endsTurns: true,
    formatted: 'all',
    source:
      'final: about 260 ms, developers.deepgram.com/docs/flux/quickstart, p95 1.5 s, together.ai/models/flux; eager: telnyx.com/release-notes, 2026-01-14; interim: developers.deepgram.com/docs/flux/state',
    assumed: `interim lag; ${NOT_PUBLISHED}`,
  },
  {
    name: 'assemblyai-universal-streaming',
    models: ['universal-streaming', 'universal-streaming-multilingual', 'u3-rt-pro', 'universal-3-5-pro'],
    interim: { everyMs: 250, lagMs: 300 },
    revision: 0,
    final: { p50Ms: 256, p95Ms: 362 },
    finalizeMs: 50,
    endpointingMs: 100,
    eager: { p50Ms: 60, p95Ms: 120 },
    endsTurns: true,
    formatted: 'finals',
    source: `${BENCHMARK}; interim: words do not change and come after about 300 ms, assemblyai.com/docs`,
    assumed: `interval of interims; eager; ${NOT_PUBLISHED}`,
  },
  {
    name: 'soniox-stt-rt',
    models: ['stt-rt', 'stt-rt-v3', 'stt-rt-preview'],
    interim: { everyMs: 120, lagMs: 150 },
    revision: 0.1,
    final: { p50Ms: 249, p95Ms: 281 },
    finalizeMs: 50,
    endpointingMs: 100,
    endsTurns: false,
    formatted: 'all',
    source: BENCHMARK,
    assumed: `interims; ${NOT_PUBLISHED}`,
  },
  {
    name: 'cartesia-ink-whisper',
    models: ['ink-whisper', 'ink-2'],
    interim: { everyMs: 400, lagMs: 150 },
    revision: 0.2,
    final: { p50Ms: 266, p95Ms: 364 },
    finalizeMs: 50,
    endpointingMs: 100,
    endsTurns: false,
    formatted: 'all',
    source: BENCHMARK,
    assumed: `interims; ${NOT_PUBLISHED}`,
  },
  {
    name: 'instant-stt',
    models: ['instant'],
    interim: { everyMs: 100, lagMs: 0 },
    revision: 0,
    final: { p50Ms: 0, p95Ms: 0 },
    finalizeMs: 0,
    endpointingMs: 0,
    endsTurns: false,
    formatted: 'all',
    source: 'synthetic: no delay, for tests; describes no engine',
    assumed: 'everything',
  },
];

/** The id without its vendor and language: `deepgram/nova-3:en` is `nova-3`. */
export function bareModelId(id: string): string {
  return id.toLowerCase().replace(/^.*\//, '').replace(/:.*$/, '');
}

/** The published profile of this engine, by name or model id; `undefined` if there is none. */
export function findSttProfile(id: string): SttProfile | undefined {
  const wanted = bareModelId(id);
  return STT_PROFILES.find(({ name, models }) => name === wanted || models.includes(wanted));
}

/**
 * As `findSttProfile`; a name that ends in `.json` is a file of `firstword record-speech`.
 * @throws FirstwordError `bad_input` that lists every profile, or as `readSpeechProfile`
 */
export function sttProfile(name: string): SttProfile {
  if (isProfileFile(name)) return readSpeechProfile(name, 'stt').profile;
  const profile = findSttProfile(name);
  if (profile) return profile;
  throw unknownName(
    'STT profile',
    name,
    STT_PROFILES.map((one) => one.name),
  );
}
