export { CLOSE, outcomeOf, outcomeText, type PairOutcome } from './outcome.js';
export { nameOf, WHAT_IF_PAIRS, type WhatIfPair } from './pairs.js';
