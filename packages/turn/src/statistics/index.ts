export { groupBy } from './group-by.js';
export {
  type BootstrapOptions,
  COSTLY_RESAMPLES,
  FAR_TAIL_RESAMPLES,
  type Interval,
  intervalOf,
  percentileInterval,
  RESAMPLES,
  resamplesOf,
} from './interval.js';
export { ascending, mean, median, percentile } from './percentile.js';
export { hash32, oneOf, type Random, seededRandom, shuffled, standardNormal } from './random.js';
export { resampledRanks } from './resampling.js';
export { wilsonInterval } from './wilson.js';
