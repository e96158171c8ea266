import { systemClock } from '@firstword/turn';
import localInference from '@livekit/local-inference';
import { jobProcessTimes, noteJobProcess } from '../internals/job-process.js';

/** A piece of work of the warm-up. Wall time, Unix ms; `toMs` is `undefined` while it runs. */
export interface WarmUpSpan {
  fromWallMs: number;
  toWallMs?: number;
}

/** What was warmed up in this process, and when. */
export interface WarmUp {
  /** Local models were loaded. */
  models?: WarmUpSpan;
  /** The agent's own prewarm ran. */
  prewarm?: WarmUpSpan;
}

const done: WarmUp = {};

/** What was warmed up in this process so far. */
export const warmUp = (): Readonly<WarmUp> => done;

/**
 * Loads LiveKit's VAD and turn detector, which takes a tenth of a second or more. LiveKit itself loads them only when a
 * caller is there, so call this function in the agent's `prewarm`. A second call does nothing.
 */
export function loadLocalModels(): void {
  if (done.models) return;
  const span: WarmUpSpan = { fromWallMs: systemClock.wallMs() };
  done.models = span;
  localInference.initVad();
  localInference.initEot();
  span.toWallMs = systemClock.wallMs();
}

/** Runs the agent's own prewarm, and notes when. */
export async function timedPrewarm<T>(work: () => Promise<T>): Promise<T> {
  const span: WarmUpSpan = { fromWallMs: systemClock.wallMs() };
  done.prewarm = span;
  try {
    return await work();
  } finally {
    span.toWallMs = systemClock.wallMs();
  }
}

/**
 * In LiveKit's process of a job, the agent's file is imported before there is a job: the models are loaded then. Where they cannot
 * be, the session that needs them says so.
 */
function loadBeforeTheJob(): void {
  if (!jobProcessTimes()) return;
  setImmediate(() => {
    try {
      loadLocalModels();
    } catch {
      delete done.models;
    }
  });
}

noteJobProcess();
loadBeforeTheJob();
