import { forkChild } from './fork-child.js';

/** The emulated speech engines of a run, in a child process. Serialisable. */
export interface SpeechEmulatorProcessOptions {
  speech: {
    /** Targets, `stt:emulated:PROFILE`, `tts:…` or `realtime:…`. Each gets an emulator of its own. */
    targets: readonly string[];
    /** What the STTs hear, and the duration of its audio, ms. */
    line: { text: string; ms: number };
  };
  seed: number;
  /** Plays delays with a precision of 0.1 ms by busy waiting, which occupies one core; default false. */
  precise?: boolean;
}

/** Emulated speech engines in a child process, so that their work does not block the event loop that measures them. */
export interface SpeechEmulatorProcess {
  /** The base URL for a target: of LiveKit Inference, or of the wire of a realtime model. */
  urlFor(target: string): string;
  /** Ends the process. Idempotent. */
  close(): void;
}

/**
 * Starts the emulated speech engines of a run.
 * @throws FirstwordError `internal` where the process exits before they listen
 */
export async function startSpeechEmulatorProcess(
  options: SpeechEmulatorProcessOptions,
): Promise<SpeechEmulatorProcess> {
  const { reply, close } = await forkChild<Record<string, string>>(options);
  return { urlFor: (target) => reply[target]!, close };
}
