import type { Change } from '../change.js';
import { cachedPrefix } from './cached-prefix.js';
import { clause } from './clause.js';
import { hedge } from './hedge.js';
import { preemptiveTts } from './preemptive-tts.js';
import { speculation } from './speculation.js';
import { swap } from './swap.js';
import { trim } from './trim.js';
import { turnSilence } from './turn-silence.js';
import { warm } from './warm.js';

/** Every lever, in the order in which they are pulled where several are set: a hedge races what a swap left. */
export const WHAT_IF_CHANGES: readonly Change[] = [
  swap,
  warm,
  cachedPrefix,
  hedge,
  speculation,
  clause,
  preemptiveTts,
  trim,
  turnSilence,
];
