import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The server that is installed, if any. */
export const VALKEY = ['valkey-server', 'redis-server'].find(installed);

/** Message for machines without one. */
export const NO_VALKEY =
  'NOT RUN: neither valkey-server nor redis-server is installed, so the shared store was tested against an imitation only. ' +
  'Install one (Debian: apt-get install --no-install-recommends valkey-server, or redis-server) and run npm run test:valkey again.';

/** A port that was free a moment ago: the server cannot choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Valkey or Redis server on loopback, without persistence. */
export class Valkey {
  readonly port: number;
  readonly #dir = mkdtempSync(join(tmpdir(), 'firstword-valkey-'));
  readonly #args: string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, args: string[]) {
    this.port = port;
    this.#args = args;
  }

  /** @param options.args further arguments, such as `--requirepass` */
  static async start(options: { args?: string[] } = {}): Promise<Valkey> {
    const valkey = new Valkey(await freePort(), options.args ?? []);
    await valkey.start();
    return valkey;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on its port, empty. */
  async start(): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#dir];
    const args = [...own, '--save', '', '--appendonly', 'no', '--daemonize', 'no', ...this.#args];
    const child = spawn(VALKEY!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      createInterface({ input: child.stdout! })
        .on('line', (line) => line.includes('eady to accept connections') && resolve())
        .on('close', () => reject(new Error('the store ended before it was ready')));
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Sends one command, such as CONFIG SET. */
  async command(...words: string[]): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(`${words.join(' ')}\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    if (!reply.toString().startsWith('+OK')) throw new Error(`the store answered ${reply}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
