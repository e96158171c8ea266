import type { FliteVoice } from './voices.js';

/** Messages between the agent's thread and the flite worker. */

/** Given to the worker when it starts. */
export interface WorkerSetup {
  /** Compiled once by the parent; a successor starts without compiling again. */
  module: WebAssembly.Module;
  voice: FliteVoice;
  sampleRateHz: number;
}

export interface ToWorker {
  id: number;
  text: string;
}

export type FromWorker =
  | { type: 'ready' }
  | { type: 'rendered'; id: number; samples: Int16Array }
  | { type: 'failed'; id: number; reason: string };
