import type { MicFrame } from './mic-framer.js';

/** Whose voice a piece of audio to be played is. */
export type Voice = 'agent' | 'caller';

export type ToPlayback =
  | { type: 'audio'; voice: Voice; answer: number; pcm: Int16Array }
  /** Drops what of the agent's voice is not yet played. */
  | { type: 'clear' }
  /** Silence: a call has ended, or a new one begins. */
  | { type: 'reset' };

export type FromPlayback =
  /** `atMs` is on the audio clock, without what the device adds after it. */
  | { type: 'heard'; answer: number; atMs: number }
  /** About every 50 ms: loudness of what was played since the last one, 0 to 1, and how far playing has come. */
  | { type: 'progress'; agentRms: number; callerRms: number; agentPlayedMs: number; atMs: number };

export type FromCapture = { frames: MicFrame[]; rms: number };

export const PLAYBACK_PROCESSOR = 'firstword-playback';
export const CAPTURE_PROCESSOR = 'firstword-capture';
