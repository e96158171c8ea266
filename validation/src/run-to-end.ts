import { isFirstwordError } from '@firstword/turn';

/** Runs a bench and ends the process: 0, 130 where it was stopped, 1 with a message where it failed. */
export async function runToEnd(main: () => Promise<void>): Promise<never> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`\n${isFirstwordError(error) ? error.message : String(error)}\n`);
    process.exitCode = isFirstwordError(error, 'aborted') ? 130 : 1;
  }
  process.exit();
}
