import type { Change } from '../change.js';
import { cachedPrefix } from './cached-prefix.js';
import { clause } from './clause.js';
import { filler } from './filler.js';
import { greeting } from './greeting.js';
import { hedge } from './hedge.js';
import { preemptiveTts } from './preemptive-tts.js';
import { prewarm } from './prewarm.js';
import { readOnly } from './read-only.js';
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
  readOnly,
  clause,
  preemptiveTts,
  trim,
  turnSilence,
  filler,
  prewarm,
  greeting,
];
