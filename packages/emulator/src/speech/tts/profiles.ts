import { unknownName } from '@firstword/turn';
import { isProfileFile, readSpeechProfile } from '../profile-file.js';
import { bareModelId, type DelayPercentiles } from '../stt/profiles.js';

/** When a TTS engine sends audio, and in which pieces. */
export interface TtsProfile {
  /** Short name, as in `speech` options. */
  name: string;
  /** The engine's ids: at its vendor, and in LiveKit Inference. */
  models: readonly string[];
  /** From the first text to the first audio. */
  firstAudio: DelayPercentiles;
  /** Audio in one message, ms. */
  chunkMs: number;
  /** Silence at the beginning of an answer, ms. */
  leadingSilenceMs: number;
  /** Audio generated per time: 4 means a second of audio in 250 ms. */
  speed: number;
  /** Where `firstAudio` was published. */
  source: string;
  /** The figures that nobody has published. */
  assumed: string;
}

/** The standard normal distribution's quartiles are this many standard deviations apart. */
const QUARTILE_SIGMAS = 1.349;
const Z95 = 1.645;

/** The 95th percentile of a lognormal distribution with this median and interquartile range, ms. */
function fromQuartiles(p50Ms: number, rangeMs: number): DelayPercentiles {
  const half = rangeMs / 2;
  const upperMs = half + Math.hypot(half, p50Ms);
  const sigma = Math.log(upperMs / (upperMs - rangeMs)) / QUARTILE_SIGMAS;
  return { p50Ms, p95Ms: Math.round(p50Ms * Math.exp(Z95 * sigma)) };
}

const COVAL =
  'Coval’s TTS benchmark, 4 May 2026, as quoted by gradium.ai: median and interquartile range; leading silence: kwindla/aiewf-eval 2026';
const ASSUMED = 'p95 (lognormal), chunkMs, speed';
/** 150 to 250 ms are typical of hosted TTSs: kwindla/aiewf-eval 2026. */
const LEADING_SILENCE_MS = 200;

/** The engines whose timing is emulated. */
export const TTS_PROFILES: readonly TtsProfile[] = [
  {
    name: 'cartesia-sonic-3',
    models: ['sonic-3', 'sonic-3.5', 'sonic-3-latest', 'sonic-latest', 'sonic-2', 'sonic', 'sonic-turbo'],
    firstAudio: fromQuartiles(188, 100),
    chunkMs: 100,
    leadingSilenceMs: LEADING_SILENCE_MS,
    speed: 4,
    source: COVAL,
    assumed: ASSUMED,
  },
  {
    name: 'elevenlabs-flash-v2.5',
    models: ['eleven_flash_v2_5', 'eleven_flash_v2'],
    firstAudio: fromQuartiles(288, 28),
    chunkMs: 250,
    leadingSilenceMs: LEADING_SILENCE_MS,
    speed: 4,
    source: COVAL,
    assumed: ASSUMED,
  },
  {
    name: 'elevenlabs-turbo-v2.5',
    models: ['eleven_turbo_v2_5', 'eleven_turbo_v2'],
    firstAudio: fromQuartiles(264, 28),
    chunkMs: 250,
    leadingSilenceMs: LEADING_SILENCE_MS,
    speed: 4,
    source: COVAL,
    assumed: ASSUMED,
  },
  {
    name: 'deepgram-aura-2',
    models: ['aura-2', 'aura', 'aura-2-thalia-en', 'aura-asteria-en'],
    firstAudio: fromQuartiles(313, 68),
    chunkMs: 100,
    leadingSilenceMs: LEADING_SILENCE_MS,
    speed: 4,
    source: COVAL,
    assumed: ASSUMED,
  },
  {
    name: 'instant-tts',
    models: ['instant'],
    firstAudio: { p50Ms: 0, p95Ms: 0 },
    chunkMs: 100,
    leadingSilenceMs: 0,
    speed: Number.POSITIVE_INFINITY,
    source: 'synthetic: no delay, for tests; describes no engine',
    assumed: 'everything',
  },
];

/** The published profile of this engine, by name or model id; `undefined` if there is none. */
export function findTtsProfile(id: string): TtsProfile | undefined {
  const wanted = bareModelId(id);
  return TTS_PROFILES.find(({ name, models }) => name === wanted || models.includes(wanted));
}

/**
 * As `findTtsProfile`; a name that ends in `.json` is a file of `firstword record-speech`.
 * @throws FirstwordError `bad_input` that lists every profile, or as `readSpeechProfile`
 */
export function ttsProfile(name: string): TtsProfile {
  if (isProfileFile(name)) return readSpeechProfile(name, 'tts').profile;
  const profile = findTtsProfile(name);
  if (profile) return profile;
  throw unknownName(
    'TTS profile',
    name,
    TTS_PROFILES.map((one) => one.name),
  );
}
