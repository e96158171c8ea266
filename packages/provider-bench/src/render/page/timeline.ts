import { plainText } from '@firstword/records';
import {
  armClass,
  FIGURE_WIDTH,
  figure,
  html,
  type Markup,
  px,
  scaleOf,
  xAxis,
  yAxis,
} from '@firstword/records/html';
import { ascending, percentile } from '@firstword/turn/statistics';
import { failureOf } from '../../analyse/rates.js';
import { type BenchSample, responseMs } from '../../sample.js';
import { ms } from '../format.js';

const HEIGHT = 150;
const LEFT = 40;
const RIGHT = FIGURE_WIDTH - 12;
const TOP = 10;
const BOTTOM = 118;
/** At most this many dots; beyond that every n-th sample is drawn, to keep the plot readable and the page small. */
const MOST_DOTS = 600;

const thinned = (samples: readonly BenchSample[]) => {
  const step = Math.ceil(samples.length / MOST_DOTS);
  return samples.filter((_, at) => at % step === 0);
};

/**
 * One arm over the run: x is the scheduled time of each request, y its time to first content. Shows drift, stragglers
 * and failures.
 * @returns `undefined` where no counted request was answered
 */
export function timelinePlot(options: {
  name: string;
  index: number;
  samples: readonly BenchSample[];
}): Markup | undefined {
  const { name, index, samples } = options;
  const counted = samples.filter(({ warmUp }) => !warmUp);
  const answered = counted.filter((sample) => !failureOf(sample));
  if (answered.length === 0) return undefined;
  const failed = counted.filter((sample) => failureOf(sample));
  const times = ascending(answered.map((sample) => responseMs(sample)!));
  const seconds = ({ scheduledMs }: BenchSample) => scheduledMs / 1000;
  const x = scaleOf([0, ...counted.map(seconds)], { from: LEFT, to: RIGHT, ticks: 6 });
  const y = scaleOf([0, times.at(-1)!], { from: BOTTOM, to: TOP, ticks: 4 });
  const dots = thinned(answered).map(
    (sample) =>
      html`<circle class="${armClass(index)} full" stroke="none" cx="${px(x(seconds(sample)))}" cy="${px(y(responseMs(sample)!))}" r="2"/>`,
  );
  const crosses = failed.map((sample) => {
    const at = x(seconds(sample));
    return html`<path class="failed" d="M${px(at - 3)} ${TOP - 3}l6 6m0 -6l-6 6"/>`;
  });
  const [p50, p95] = [percentile(times, 50), percentile(times, 95)];
  const failures = failed.length > 0 ? ` Crosses: ${failed.length} failed.` : '';
  return figure({
    title: plainText(name),
    note: `Time of each request, ms, over its scheduled time in the run, s. p50 ${ms(p50)}, p95 ${ms(p95)}.${failures}`,
    alt: `${answered.length} answers of ${name} over the run, p50 ${ms(p50)} ms, p95 ${ms(p95)} ms, ${failed.length} failed.`,
    height: HEIGHT,
    body: html`${xAxis(x, { top: TOP, bottom: BOTTOM, unit: 's' })}${yAxis(y, { ticks: y.ticks, left: LEFT, right: RIGHT })}${dots}${crosses}`,
  });
}
