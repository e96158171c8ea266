import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Clock, FirstwordError } from '@firstword/turn';
import { restartDelayMs } from '../process/backoff.js';
import { builtScript } from '../process/script.js';
import type { Decoded, FromEngine, SpeechSpan, ToEngine } from './protocol.js';

/** Far above the slowest start (2 s) and decode (1.6 s) measured on a busy machine: beyond it, the process hangs. */
const START_LIMIT_MS = 60_000;
const DECODE_LIMIT_MS = 15_000;
/** `ready()` fails after this many failed starts in a row. */
const MAX_FAILED_STARTS = 3;

/** Input of a decode. */
export interface DecodeRequest {
  samples: Int16Array;
  draft: readonly number[];
  /** Where its speech is, if the clip was decoded and yielded no words: it is decoded in other ways. */
  again?: SpeechSpan;
}

/** Decodes one clip at a time. */
export interface DecodeEngine {
  /** Whether `decode` may be called now. */
  readonly free: boolean;
  /** Decodes one clip; rejects if the engine fails. */
  decode(request: DecodeRequest): Promise<Decoded>;
  /** Asks the running decode to stop early. */
  cancel(): void;
}

/** Notifications about the process. */
export interface EngineEvents {
  onReady(): void;
  /** It crashed and is being restarted. */
  onDown(error: FirstwordError, during: 'start' | 'work'): void;
  /** It cannot start until the user fixes the cause. */
  onUnusable(error: FirstwordError): void;
}

/** Options of `EngineProcess`. */
export interface EngineOptions {
  modelDir?: string | undefined;
  clock: Clock;
  events: EngineEvents;
  /** Starts the process. Tests replace it to simulate crashes. */
  startProcess?: (modelDir: string | undefined) => ChildProcess;
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

interface Job {
  id: number;
  resolve(decoded: Decoded): void;
  reject(error: Error): void;
}

/** Starts, monitors, restarts and stops the Moonshine process. */
export class EngineProcess implements DecodeEngine {
  readonly #options: EngineOptions;
  #state: 'idle' | 'starting' | 'ready' | 'waiting' | 'unusable' | 'closed' = 'idle';
  #unusable: FirstwordError | undefined;
  #child: ChildProcess | undefined;
  #deathsInARow = 0;
  #waiters: Waiter[] = [];
  #job: Job | undefined;
  #lastId = 0;
  #stopTimer = () => {};

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get free(): boolean {
    return this.#state === 'ready' && !this.#job;
  }

  /** Why it cannot start; `undefined` if it can. */
  get unusable(): FirstwordError | undefined {
    return this.#unusable;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process unless it is running or starting. After `unusable`, tries again. */
  start(): void {
    if (this.#state !== 'idle' && this.#state !== 'unusable') return;
    this.#unusable = undefined;
    this.#deathsInARow = 0;
    this.#spawn();
  }

  async ready(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    if (this.#state === 'closed') throw closedError();
    if (signal?.aborted) throw abortedError();
    this.start();
    if (this.#state === 'ready') return;
    let abort = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        abort = () => reject(abortedError());
        signal?.addEventListener('abort', abort, { once: true });
        this.#waiters.push({ resolve, reject });
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  decode(request: DecodeRequest): Promise<Decoded> {
    const child = this.#child;
    if (!child || !this.free)
      return Promise.reject(new FirstwordError('internal', 'The engine is not free.'));
    const id = ++this.#lastId;
    this.#limit(DECODE_LIMIT_MS);
    this.#send({ type: 'decode', id, ...request });
    return new Promise((resolve, reject) => {
      this.#job = { id, resolve, reject };
    });
  }

  cancel(): void {
    if (this.#job) this.#send({ type: 'cancel', id: this.#job.id });
  }

  /** Kills the process, which keeps nothing that would be lost, and waits until it has ended. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#unusable = closedError();
    this.#stopTimer();
    this.#settle(this.#unusable);
    this.#job?.reject(this.#unusable);
    this.#job = undefined;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  #spawn(): void {
    this.#state = 'starting';
    const { modelDir, startProcess = forkEngine } = this.#options;
    const child = startProcess(modelDir);
    this.#child = child;
    this.#limit(START_LIMIT_MS);
    child.on('message', (message: FromEngine) => {
      if (child === this.#child) this.#receive(message);
    });
    child.once('error', (cause) => this.#died(child, `could not be started (${cause.message})`));
    child.once('exit', (code, signal) => this.#died(child, `ended with ${signal ?? `exit code ${code}`}`));
  }

  #receive(message: FromEngine): void {
    if (message.type === 'unusable') {
      this.#giveUp(new FirstwordError('model_file', message.message));
      return;
    }
    if (message.type === 'ready') {
      this.#stopTimer();
      this.#state = 'ready';
      this.#settle();
      this.#options.events.onReady();
      return;
    }
    const job = this.#job;
    if (job?.id !== message.id) return;
    this.#job = undefined;
    this.#stopTimer();
    if (message.type === 'decoded') {
      this.#deathsInARow = 0;
      job.resolve(message);
    } else {
      job.reject(
        new FirstwordError(
          'internal',
          `Speech-to-text failed on a clip: ${message.reason}. Please report this.`,
        ),
      );
    }
  }

  #died(child: ChildProcess, how: string): void {
    if (child !== this.#child || this.#state === 'closed' || this.#state === 'unusable') return;
    const during = this.#state === 'starting' ? 'start' : 'work';
    this.#child = undefined;
    this.#stopTimer();
    this.#deathsInARow += 1;
    const error = deathError(how);
    const job = this.#job;
    this.#job = undefined;
    if (during === 'start' && this.#deathsInARow >= MAX_FAILED_STARTS) this.#settle(error);
    this.#state = 'waiting';
    const delayMs = restartDelayMs(this.#deathsInARow);
    this.#stopTimer = this.#options.clock.schedule(delayMs, () => this.#spawn());
    job?.reject(error);
    this.#options.events.onDown(error, during);
  }

  #giveUp(error: FirstwordError): void {
    this.#stopTimer();
    this.#state = 'unusable';
    this.#unusable = error;
    if (this.#child?.connected) this.#child.disconnect();
    this.#settle(error);
    this.#options.events.onUnusable(error);
  }

  #settle(error?: Error): void {
    for (const waiter of this.#waiters.splice(0)) error ? waiter.reject(error) : waiter.resolve();
  }

  #limit(limitMs: number): void {
    this.#stopTimer();
    const child = this.#child;
    this.#stopTimer = this.#options.clock.schedule(limitMs, () => child?.kill('SIGKILL'));
  }

  #send(message: ToEngine): void {
    // A failed write means that the process is ending; its 'exit' event is handled.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }
}

function forkEngine(modelDir: string | undefined): ChildProcess {
  return fork(builtScript('stt/process.js'), modelDir === undefined ? [] : [modelDir], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Do not pass on the parent's debugger port, loaders or secrets.
    execArgv: [],
    env: environment(),
  });
}

/** Only the variables that a Node process needs to find its libraries and temporary files; no keys. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function deathError(how: string): FirstwordError {
  const advice = 'It restarts automatically; if this keeps happening, check memory (it needs about 350 MB)';
  const message = `The speech-to-text process ${how}. ${advice}.`;
  return new FirstwordError('worker_died', message, { retryable: true });
}

function closedError(): FirstwordError {
  return new FirstwordError('aborted', 'Speech-to-text was closed. Create a new one with moonshineStt().');
}

function abortedError(): FirstwordError {
  return new FirstwordError('aborted', 'Waiting for speech-to-text was aborted.');
}
