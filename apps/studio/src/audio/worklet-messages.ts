import type { Speaker } from '../state/state.js';
import type { MicFrame } from './mic-framer.js';

/** A message from the page to the playback worklet. */
export type ToPlayback =
  | { type: 'audio'; voice: Speaker; answer: number; pcm: Int16Array }
  /** Discards the agent's audio that has not been played yet. */
  | { type: 'clear' }
  /** Discards all audio: a call has ended or a new one starts. */
  | { type: 'reset' };

/** A message from the playback worklet to the page. */
export type FromPlayback =
  /** An answer became audible at `atMs` on the audio clock, output latency not included. */
  | { type: 'firstAudible'; answer: number; atMs: number }
  /** About every 50 ms: peak levels since the last message, 0 to 1, and the total time played. */
  | { type: 'progress'; agentRms: number; callerRms: number; agentPlayedMs: number; atMs: number };

/** A message from the capture worklet to the page: frames and the level of the last one, 0 to 1. */
export type FromCapture = { frames: MicFrame[]; rms: number };

/** Registered name of the playback worklet. */
export const PLAYBACK_PROCESSOR = 'firstword-playback';
/** Registered name of the capture worklet. */
export const CAPTURE_PROCESSOR = 'firstword-capture';
