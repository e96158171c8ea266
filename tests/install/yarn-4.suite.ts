import { describeYarn } from './support/yarn.js';

// With `nodeLinker: node-modules`.
describeYarn('berry');
