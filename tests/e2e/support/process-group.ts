import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processes } from './processes.js';

const CLI = fileURLToPath(new URL('../../../packages/firstword/bin/firstword.js', import.meta.url));

/** How a command ended. */
export interface GroupEnding {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the signal to the end of the command, ms. */
  endedAfterMs: number;
  stderr: string;
}

/** A `firstword` command in a process group of its own, as a terminal starts one. Linux only. */
export class CommandGroup {
  readonly #child: ReturnType<typeof spawn>;
  readonly #exit: Promise<[number | null, NodeJS.Signals | null, number]>;
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#exit = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => resolve([code, signal, performance.now()]));
    });
  }

  /** Whether the command itself still runs; its children do not count. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The exit code of the command; `null` while it runs, or if a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** The command and all its descendants that run now. Zombies do not count. */
  get members(): { pid: number; command: string }[] {
    return processes()
      .filter(({ group }) => group === this.#child.pid)
      .map(({ pid, command }) => ({ pid, command }));
  }

  /** Sends the signal to the command alone, or to its whole group, as a terminal does; resolves when the command has ended. */
  async end(name: NodeJS.Signals, to: 'process' | 'group'): Promise<GroupEnding> {
    const sentMs = performance.now();
    process.kill(to === 'group' ? -this.#child.pid! : this.#child.pid!, name);
    const [code, signal, atMs] = await this.#exit;
    return { code, signal, endedAfterMs: atMs - sentMs, stderr: this.#stderr };
  }

  /** Kills all that is left of the group. */
  killAll(): void {
    try {
      process.kill(-this.#child.pid!, 'SIGKILL');
    } catch {
      // Nothing is left.
    }
  }
}
