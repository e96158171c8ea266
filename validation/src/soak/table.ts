import { FirstwordError } from '@firstword/turn';
import type { SoakFile } from './soak-file.js';
import { isFlat, type Trend, trendsOf, WARM_UP_MINUTES } from './trend.js';

const PROCESS_NAMES = { calls: 'calls', stt: 'speech-to-text' } as const;
const FIGURE_NAMES = { descriptors: 'open descriptors', residentMb: 'resident memory, MB' } as const;

function row({ process, figure, first, last, perMinute, limit, flat }: Trend): string {
  const digits = figure === 'descriptors' ? 0 : 1;
  const cells = [
    PROCESS_NAMES[process],
    FIGURE_NAMES[figure],
    first.toFixed(digits),
    last.toFixed(digits),
    perMinute.toFixed(3),
    String(limit),
    flat ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function conclusion(file: SoakFile): string {
  if (trendsOf(file).length === 0)
    return `Too short: only what follows the first ${WARM_UP_MINUTES} minutes counts.`;
  if (file.restarts.length > 0) return `A process was replaced ${file.restarts.length} times.`;
  return isFlat(file) ? 'Flat.' : 'Not flat.';
}

/** The figures of a run as Markdown: what was played, the trend of every process, the conclusion. */
export function renderSoak(file: SoakFile): string {
  const { samples, startedAt, node, cores, mallocArenas = 'not set' } = file;
  const last = samples.at(-1);
  const loads = samples.map(({ load }) => load).sort((a, b) => a - b);
  const trends = trendsOf(file);
  const lines = [
    `Started ${startedAt}, ${(last?.minute ?? 0).toFixed(0)} minutes. Node ${node}, MALLOC_ARENA_MAX ${mallocArenas}, ${cores} cores, load average ${(loads[loads.length >> 1] ?? 0).toFixed(1)} (median). ` +
      `${last?.heap?.calls ?? 0} calls, ${last?.heap?.turns ?? 0} lines of the caller, ${last?.heap?.lost ?? 0} without an answer.`,
  ];
  if (trends.length > 0) {
    lines.push(
      '',
      `| Process | Figure | After ${WARM_UP_MINUTES} min | At the end | Slope per minute | Limit | Flat |`,
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...trends.map(row),
    );
  }
  return [...lines, '', conclusion(file)].join('\n');
}

/**
 * A page with its figures replaced by these.
 * @throws FirstwordError `bad_input` if the page has no place for them
 */
export function withFigures(page: string, figures: string): string {
  const place = /<!-- figures -->.*<!-- end -->/s;
  if (!place.test(page))
    throw new FirstwordError('bad_input', 'the page has no <!-- figures --> and <!-- end -->');
  return page.replace(place, () => `<!-- figures -->\n${figures}\n<!-- end -->`);
}
