import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { FirstwordError } from '@firstword/turn';

/** Resolved through the package exports, so that the compiled file is used even when this file runs from source. */
const CHILD = '@firstword/provider-bench/emulator-child';

/**
 * Starts the child process that emulators run in.
 * @param options sent to the child
 * @returns what the child replies, and how to end it
 * @throws FirstwordError `internal` where the process exits before it replies
 */
export async function forkChild<Reply>(options: object): Promise<{ reply: Reply; close(): void }> {
  const child = fork(createRequire(import.meta.url).resolve(CHILD), { execArgv: [] });
  const reply = await new Promise<Reply>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Reply));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new FirstwordError('internal', `the emulator process exited with code ${code}`)),
    );
    child.send(options);
  });
  return {
    reply,
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}
