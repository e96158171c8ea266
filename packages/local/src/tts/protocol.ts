import type { FliteVoice } from './voices.js';

/** Messages between the agent's thread and the flite worker. */

/** Given to the worker when it starts. */
export interface WorkerSetup {
  /** Compiled once by the parent, so that a new worker need not compile it again. */
  module: WebAssembly.Module;
  voice: FliteVoice;
  sampleRateHz: number;
}

/** A piece of text to render. */
export interface ToWorker {
  id: number;
  text: string;
}

/** Message from the flite worker. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'rendered'; id: number; samples: Int16Array }
  | { type: 'failed'; id: number; reason: string };
