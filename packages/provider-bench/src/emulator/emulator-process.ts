import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { EmulatorOptions } from '@firstword/emulator';
import { FirstwordError } from '@firstword/turn';
import type { EmulatorAddress } from '../targets/model-factory.js';

/** An emulator whose work does not hold up the event loop of whoever measures it. */
export interface EmulatorProcess extends EmulatorAddress {
  close(): void;
}

/** Plain data, to be sent to another process. */
export interface EmulatorProcessOptions extends Omit<EmulatorOptions, 'clock' | 'signal'> {
  /** Play delays to a tenth of a millisecond, at the price of a core. */
  precise?: boolean;
}

/** As the package gives it out: the compiled file, wherever this one is run from. */
const CHILD = '@firstword/provider-bench/emulator-child';

/** @throws FirstwordError `internal` where the process ends before it listens */
export async function startEmulatorProcess(options: EmulatorProcessOptions): Promise<EmulatorProcess> {
  const child = fork(createRequire(import.meta.url).resolve(CHILD), { execArgv: [] });
  const { origin, caPem } = await new Promise<{ origin: string; caPem?: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { origin: string }));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new FirstwordError('internal', `the emulator's process ended with code ${code}`)),
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
