import { isFirstwordError } from '@firstword/turn';

/** Runs a bench and ends the process with exit code 0, 130 if it was stopped, or 1 and a message if it failed. */
export async function runToEnd(main: () => Promise<void>): Promise<never> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`\n${isFirstwordError(error) ? error.message : String(error)}\n`);
    process.exitCode = isFirstwordError(error, 'aborted') ? 130 : 1;
  }
  process.exit();
}
