import type { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type EndOfTurnDetector, type EndOfTurnQuestion, FirstwordError } from '@firstword/turn';
import { builtScript } from '../process/script.js';
import { untilAborted } from '../process/until-aborted.js';
import { findSmartTurn, SMART_TURN } from './files.js';
import { MODEL_RATE_HZ, MODEL_SAMPLES } from './log-mel.js';
import type { SmartTurnReply, SmartTurnRequest, SmartTurnSetup } from './protocol.js';

/** Languages that Smart Turn v3 was trained on. */
const LANGUAGES = 'ar bn da de en es fi fr hi id it ja ko mr nl no nb nn pl pt ru tr uk vi zh'.split(' ');

/** The thread that runs the model. */
export type SmartTurnThread = EventEmitter & Pick<Worker, 'postMessage' | 'ref' | 'unref' | 'terminate'>;

/** Options of Smart Turn. All are optional. */
export interface SmartTurnOptions {
  /** The weights, `smart-turn-v3.2-cpu.onnx`. Default: those that `firstword fetch smart-turn` has fetched. */
  modelFile?: string;
  /** Starts the thread. Tests replace it. */
  startThread?: (setup: SmartTurnSetup) => SmartTurnThread;
}

/** Smart Turn. */
export interface SmartTurn extends EndOfTurnDetector {
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  /** Stops the thread. Can be called more than once. */
  close(): Promise<void>;
}

interface Pending {
  resolve(probability: number): void;
  reject(error: Error): void;
}

/** Controls the worker. It is started by the first `ready` or `predict`, and again by the next one after it has stopped. */
class SmartTurnEngine {
  readonly #options: SmartTurnOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Promise<SmartTurnThread> | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: SmartTurnOptions) {
    this.#options = options;
  }

  start(): Promise<SmartTurnThread> {
    if (this.#isClosed) return Promise.reject(closedError());
    this.#worker ??= this.#spawn().catch((error: unknown) => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  async predict({ audio, sampleRateHz, signal }: EndOfTurnQuestion): Promise<number> {
    if (sampleRateHz !== MODEL_RATE_HZ)
      throw new FirstwordError('bad_input', `Smart Turn takes 16,000 Hz, not ${sampleRateHz}.`);
    const worker = await this.start();
    if (signal.aborted) throw abortedError();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.ref();
      const kept = audio.slice(-MODEL_SAMPLES);
      worker.postMessage({ id, audio: kept } satisfies SmartTurnRequest);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate();
  }

  async #spawn(): Promise<SmartTurnThread> {
    const { modelFile, startThread = startWorker } = this.#options;
    const setup = { modelFile: await findSmartTurn(modelFile) };
    if (this.#isClosed) throw closedError();
    const worker = startThread(setup);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: SmartTurnReply) => {
        if (message.type === 'unusable') {
          reject(new FirstwordError('model_file', message.message));
          void worker.terminate();
        } else if (message.type === 'ready') {
          worker.unref();
          resolve(worker);
        } else this.#receive(worker, message);
      });
      worker.on('error', reject);
      worker.once('exit', () => {
        this.#worker = undefined;
        const error = new FirstwordError('worker_died', 'The Smart Turn worker stopped.', {
          retryable: true,
        });
        reject(error);
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
      });
    });
  }

  #receive(worker: SmartTurnThread, message: Extract<SmartTurnReply, { id: number }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    // An idle worker does not keep Node from exiting.
    if (this.#pending.size === 0) worker.unref();
    if (message.type === 'predicted') pending?.resolve(message.probability);
    else pending?.reject(new FirstwordError('internal', `Smart Turn failed: ${message.reason}.`));
  }
}

/**
 * Smart Turn v3.2, an end-of-turn model for 23 languages that runs on the processor in a worker thread (`npm run bench:smart-turn -w @firstword/local`).
 * Give it to a session: `firstword: { detector: smartTurn() }`. Its weights are fetched once: `npx firstword fetch smart-turn`.
 * It needs onnxruntime-node, like the embedded STT. One object serves any number of sessions.
 *
 * `ready` and `predict` reject with `model_file` if weights or onnxruntime-node are missing or damaged, and with `worker_died`
 * if the thread stopped; the next question starts another.
 */
export function smartTurn(options: SmartTurnOptions = {}): SmartTurn {
  const engine = new SmartTurnEngine(options);
  return {
    name: SMART_TURN.name,
    windowMs: (MODEL_SAMPLES * 1000) / MODEL_RATE_HZ,
    languages: LANGUAGES,
    predict: (question) => engine.predict(question),
    ready: ({ signal } = {}) =>
      untilAborted(
        engine.start().then(() => {}),
        { signal, aborted: abortedError },
      ),
    close: () => engine.close(),
  };
}

function startWorker(setup: SmartTurnSetup): SmartTurnThread {
  // Without `execArgv` it inherits the parent's options, of which some, such as --input-type, are errors for a file.
  return new Worker(builtScript('smart-turn/worker.js'), { workerData: setup, execArgv: [] });
}

const abortedError = () => new FirstwordError('aborted', 'The wait for Smart Turn was aborted.');
const closedError = () =>
  new FirstwordError('aborted', 'Smart Turn was closed. Create another with smartTurn().');
