import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Node's `parseArgs`, but that a wrong option ends the run with a line that says so, and exit code 2. */
export function readOptions<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n--help tells what there is.\n`);
    process.exit(2);
  }
}
