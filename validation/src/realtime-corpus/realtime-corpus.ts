import { Corpus } from '../doctor-corpus/corpus.js';
import { REALTIME_CASES } from './cases.js';

/** Calls of realtime models. */
export const REALTIME_CORPUS = new Corpus('realtime', REALTIME_CASES);
