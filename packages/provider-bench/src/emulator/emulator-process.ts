import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { EmulatorOptions } from '@firstword/emulator';
import { FirstwordError } from '@firstword/turn';
import type { EmulatorAddress } from '../targets/model-factory.js';

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

/** Resolved through the package exports, so that the compiled file is used even when this file runs from source. */
const CHILD = '@firstword/provider-bench/emulator-child';

/**
 * Starts the emulator in a child process.
 * @throws FirstwordError `internal` where the process exits before it listens
 */
export async function startEmulatorProcess(options: EmulatorProcessOptions): Promise<EmulatorProcess> {
  const child = fork(createRequire(import.meta.url).resolve(CHILD), { execArgv: [] });
  const { origin, caPem } = await new Promise<{ origin: string; caPem?: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { origin: string }));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new FirstwordError('internal', `the emulator process exited with code ${code}`)),
    );
    child.send(options);
  });
  return {
    urlFor: (profile) => `${origin}/${profile}/v1`,
    caPem,
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}
