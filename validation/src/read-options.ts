import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Like Node's `parseArgs`, but an invalid option prints a message and exits with code 2. */
export function readOptions<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help for usage.\n`);
    process.exit(2);
  }
}
