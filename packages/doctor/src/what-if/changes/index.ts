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

/** All changes, in the order in which they are applied: a hedge races against the model that a swap has chosen. */
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
