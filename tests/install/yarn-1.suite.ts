import { describeYarn } from './support/yarn.js';

describeYarn('yarn');
