export { CASES, type CorpusCase, fileOf, isHeldOut, seedOf } from './cases.js';
export { scoreCorpus, withoutFile, writeCase, writeLabels, writeScores } from './corpus.js';
export { caseText, totalsOf, totalsText } from './score.js';
export { type SetUp, setUpOf } from './set-up.js';
