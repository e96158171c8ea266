import type { Clock } from '@firstword/turn';
import type { EmulatorOptions } from '../options.js';
import type { SpeechFaultPlan } from './faults/speech-fault.js';
import type { Recognizer } from './hear/recognizer.js';
import type { SttProfile } from './stt/profiles.js';
import type { TtsProfile } from './tts/profiles.js';
import type { Voice } from './tts/voice.js';

/** Options of `startSpeechEmulator`. */
export interface SpeechEmulatorOptions {
  /** What the STT services hear. Default: nothing. See `transcriptRecognizer` and `engineRecognizer`. */
  recognizer?: Recognizer;
  /** The voice of the TTS services. Default: `toneVoice()`. */
  voice?: Voice;
  /**
   * The timing of all STT services, by name, by a file of `firstword record-speech` (`*.json`), or as a profile of your own. Default: the profile of the model that a client
   * asks for, or of the service.
   */
  sttProfile?: string | SttProfile;
  /** The timing of all TTS services. Default: as for `sttProfile`. */
  ttsProfile?: string | TtsProfile;
  /**
   * The turn detector: returns the probability that the turn has ended, 0 to 1, from the audio since the last flush (mono,
   * 16 kHz, at most 8 s). Default: always 0.95.
   */
  predictTurnEnd?: (audio: Int16Array) => number | Promise<number>;
  /** Whether the caller interrupts the agent in this audio (mono, 16 kHz). Default: it has 300 ms of speech. */
  predictInterruption?: (audio: Int16Array) => boolean | Promise<boolean>;
  /** Time a prediction takes at the service, ms. Default 60, an assumption. */
  predictionMs?: number;
  /** Faults to inject. Default: none. See also `SpeechEmulator.setSpeechFaults`. */
  speechFaults?: SpeechFaultPlan;
  /** Seed of delays, revisions, faults and of the emulated LLM. Default 1. */
  seed?: number;
  /** The emulated LLM behind LiveKit Inference's chat completions, and the server's port, host, TLS and keys. */
  llm?: Omit<EmulatorOptions, 'seed' | 'clock' | 'signal'>;
  /** The clock that delays are scheduled on. Default: the system clock. */
  clock?: Clock;
  /** Aborting it closes the emulator. */
  signal?: AbortSignal;
}
