import type { RunFile } from '../run-file.js';
import { responseMs } from '../sample.js';
import { failureOf } from './rates.js';
import { valuesOf } from './values.js';

/** Times to first content of an arm's answered requests, without warm-ups, ms, in send order. */
export const timesOf = ({ samples }: Pick<RunFile, 'samples'>, armId: string): number[] =>
  valuesOf(
    samples.filter((sample) => sample.armId === armId && !sample.warmUp && !failureOf(sample)),
    responseMs,
  );
