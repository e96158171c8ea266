import type { VADEvent } from '@livekit/agents';

/** Windows of the VAD over which the newest level is the loudest one. */
const RECENT_WINDOWS = 3;
/** Weight of each window of speech in the caller's level: half of the level comes from the last 200 ms of speech. */
const SMOOTHING = 0.1;
/** Probability from which a window of the VAD is speech. */
const SPEECH = 0.5;

function decibels({ frames }: Pick<VADEvent, 'frames'>): number | undefined {
  let sum = 0;
  let samples = 0;
  for (const { data } of frames) {
    for (const sample of data) sum += sample * sample;
    samples += data.length;
  }
  return samples === 0 ? undefined : 10 * Math.log10(sum / samples + 1);
}

/** The level of the caller's speech, to distinguish the caller from the agent's own echo. */
export class CallerLevel {
  #callerDb: number | undefined;
  #recentDb: number[] = [];

  /** Takes a window that the VAD has judged. @param isAgentHeard the agent is speaking: the sound may be its echo */
  hear(event: Pick<VADEvent, 'frames' | 'probability'>, isAgentHeard: boolean): void {
    const db = decibels(event);
    if (db === undefined) return;
    this.#recentDb = [...this.#recentDb.slice(1 - RECENT_WINDOWS), db];
    if (isAgentHeard || event.probability < SPEECH) return;
    this.#callerDb = this.#callerDb === undefined ? db : this.#callerDb + SMOOTHING * (db - this.#callerDb);
  }

  /** Whether the newest sound is at most this much quieter than the caller's speech, dB; `undefined` if that is not known. */
  isCaller(withinDb: number): boolean | undefined {
    if (this.#callerDb === undefined || this.#recentDb.length === 0) return undefined;
    return Math.max(...this.#recentDb) >= this.#callerDb - withinDb;
  }
}
