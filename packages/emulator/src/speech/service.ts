/** The emulated speech services. Fault rules and statistics name them. */
export const SPEECH_SERVICES = [
  'inference-stt',
  'inference-tts',
  'inference-turn-detector',
  'inference-interruption',
  'deepgram-stt',
  'deepgram-flux',
  'deepgram-tts',
  'cartesia-tts',
  'elevenlabs-tts',
] as const;

/** The name of an emulated speech service. */
export type SpeechService = (typeof SPEECH_SERVICES)[number];

/** Counts of one service since the emulator started. They hold no words. */
export interface SpeechServiceStats {
  /** WebSockets opened, and those open now. */
  connections: number;
  openConnections: number;
  /** WebSockets refused, by a fault or for a missing key. */
  refused: number;
  /** Final transcripts sent. */
  finals: number;
  /** Syntheses begun. */
  syntheses: number;
  /** Number of requested predictions. */
  predictions: number;
}

/** Counts of all services since the emulator started. */
export interface SpeechStats {
  services: Record<SpeechService, SpeechServiceStats>;
  /** Faults applied, by kind. */
  faults: Record<string, number>;
}

const NOTHING: SpeechServiceStats = {
  connections: 0,
  openConnections: 0,
  refused: 0,
  finals: 0,
  syntheses: 0,
  predictions: 0,
};

/** Counts of zero for every service. */
export function emptyStats(): Record<SpeechService, SpeechServiceStats> {
  const entries = SPEECH_SERVICES.map((service) => [service, { ...NOTHING }] as const);
  return Object.fromEntries(entries) as Record<SpeechService, SpeechServiceStats>;
}
