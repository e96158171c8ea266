import { CASES } from './cases.js';
import { Corpus } from './corpus.js';

/** Calls of cascades. */
export const CASCADE_CORPUS = new Corpus('doctor', CASES);
