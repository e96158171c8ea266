import type { EmulatorOptions } from '@firstword/emulator';
import type { EmulatorAddress } from '../targets/model-factory.js';
import { forkChild } from './fork-child.js';

/** An emulator in a child process, so that its work does not block the event loop that measures it. */
export interface EmulatorProcess extends EmulatorAddress {
  /** Ends the process. Idempotent. */
  close(): void;
}

/** Options of the emulator in a child process. Serialisable. */
export interface EmulatorProcessOptions extends Omit<EmulatorOptions, 'clock' | 'signal'> {
  /** Plays delays with a precision of 0.1 ms by busy waiting, which occupies one core; default false. */
  precise?: boolean;
}

/**
 * Starts the emulator in a child process.
 * @throws FirstwordError `internal` where the process exits before it listens
 */
export async function startEmulatorProcess(options: EmulatorProcessOptions): Promise<EmulatorProcess> {
  const { reply, close } = await forkChild<{ origin: string; caPem?: string }>(options);
  const { origin, caPem } = reply;
  return {
    urlFor: (profile) => `${origin}/${profile}/v1`,
    caPem,
    close,
  };
}
