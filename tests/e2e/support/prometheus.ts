import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Folder of the deployment files. */
export const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url));

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether Prometheus and promtool are installed. */
export const HAS_PROMETHEUS = installed('prometheus') && installed('promtool');

/** Message for machines without Prometheus. */
export const NO_PROMETHEUS =
  'NOT RUN: Prometheus is not installed, so the dashboard and the alert rules were not tested. ' +
  'Install it (Debian: apt-get install --no-install-recommends prometheus) and run npm run test:metrics again.';

/** Folder with a Prometheus configuration and its rules, in that of the deployment files. */
export type PrometheusFolder = 'prometheus' | 'gateway/prometheus';

/** Runs promtool in a folder and returns its output; throws if it reports an error. */
export async function promtool(folder: PrometheusFolder, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', args, { cwd: join(DEPLOY, folder) });
  return stdout;
}

/** Reads the address from the log, because the port is assigned by the system. Keeps reading so that the pipe never fills. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    const last: string[] = [];
    createInterface({ input: child.stderr! })
      .on('line', (line) => {
        const address = /msg="Listening on".* address=(\S+)/.exec(line)?.[1];
        if (address !== undefined) resolve(address);
        if (last.push(line) > 5) last.shift();
      })
      .on('close', () => reject(new Error(`prometheus ended; the last it said:\n${last.join('\n')}`)));
  });
}

/** Polls every half second until the condition holds; throws after the timeout. */
async function waitUntil(failure: string, isSo: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`${failure} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** One series of an instant query. */
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** A Prometheus server with a configuration of deploy/ that scrapes one target every second. */
export class Prometheus {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
    this.#exited = once(child, 'exit');
  }

  /**
   * Starts a server.
   * @param options.dir folder for its data; the test removes it
   */
  static async start(options: {
    folder: PrometheusFolder;
    dir: string;
    target: string;
    /** Sent with every scrape. Default: none. */
    token?: string;
  }): Promise<Prometheus> {
    const { folder, dir, target, token } = options;
    const config = await readFile(join(DEPLOY, folder, 'prometheus.yml'), 'utf8');
    const open = config.replaceAll('15s', '1s').replace(/127\.0\.0\.1:\d+/, target);
    const tokenFile = join(dir, 'token');
    if (token !== undefined) await writeFile(tokenFile, token);
    // The configuration has the lines for a token as a comment.
    const quick =
      token === undefined
        ? open
        : open.replace(/# (authorization:)\n( +)# ( +credentials_file:).*/, `$1\n$2$3 ${tokenFile}`);
    await writeFile(join(dir, 'prometheus.yml'), quick);
    await copyFile(join(DEPLOY, folder, 'rules.yml'), join(dir, 'rules.yml'));
    const args = [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--log.level=info',
    ];
    const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const prometheus = new Prometheus(child, `http://${await addressOf(child)}`);
    await prometheus.#ready();
    return prometheus;
  }

  async #ready(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`prometheus ended with ${this.#child.exitCode}`);
      const ready = await fetch(`${this.#url}/-/ready`).catch(() => undefined);
      if (ready?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async api<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(query)}`);
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`${query.query ?? path}: ${body.error}`);
    return body.data;
  }

  async query(query: string): Promise<Sample[]> {
    return (await this.api<{ result: Sample[] }>('query', { query })).result;
  }

  /** Waits until the query returns a result. */
  until(query: string): Promise<void> {
    return waitUntil(`no answer to ${query}`, async () => (await this.query(query)).length > 0);
  }

  /** Waits until every series of Firstword's that a job has now has two samples, which a rate needs. */
  untilTwice(job: string): Promise<void> {
    const query = `{job="${job}",__name__=~"firstword.*"}[5m]`;
    return waitUntil(`${query} still has series of one sample`, async () => {
      const { result } = await this.api<{ result: { values: unknown[] }[] }>('query', { query });
      return result.length > 0 && result.every(({ values }) => values.length >= 2);
    });
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
