import { type Cli, firstword } from './cli.js';

/** A running studio. */
export interface RunningStudio {
  cli: Cli;
  /** `http://127.0.0.1:PORT/` */
  url: string;
  port: number;
  recordsDir: string;
}

const READY_WITHIN_MS = 60_000;

/** Starts `firstword studio` and waits until it is ready. The test must kill it. */
export async function startStudio(options: {
  recordsDir: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
}): Promise<RunningStudio> {
  const { recordsDir, port = 0, env = {} } = options;
  const cli = firstword(['studio', '--port', String(port), '--out', recordsDir], { env });
  try {
    const line = await cli.stdout.until('address of the studio', (text) => text.includes('http://'), {
      withinMs: READY_WITHIN_MS,
    });
    // The last line of its output: from then on it accepts calls.
    await cli.stdout.until('last line', (text) => text.includes('Ctrl-C'));
    const url = /http:\/\/\S+/.exec(line)![0];
    return { cli, url, port: Number(new URL(url).port), recordsDir };
  } catch (error) {
    await cli.kill();
    throw error;
  }
}
