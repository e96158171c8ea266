import type { SoakFile, SoakProcess, SoakSample } from './soak-file.js';

/** Start of a run that is not counted: caches fill and code is compiled, minutes. */
export const WARM_UP_MINUTES = 15;
/** Largest slope of the descriptors of a process, per minute. */
export const MAX_DESCRIPTORS_PER_MINUTE = 0.02;
/** Largest slope of the resident memory of a process, MB per minute. */
export const MAX_MB_PER_MINUTE = 0.2;

/** How one figure of one process developed after the warm-up. */
export interface Trend {
  process: SoakProcess;
  figure: 'descriptors' | 'residentMb';
  /** Values at the first and the last sample that count. */
  first: number;
  last: number;
  /** Least-squares slope per minute. */
  perMinute: number;
  limit: number;
  flat: boolean;
}

/** The least-squares slope of y over x; 0 for fewer than two different x. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  return variance === 0 ? 0 : covariance / variance;
}

function trendOf(samples: readonly SoakSample[], process: SoakProcess, figure: Trend['figure']): Trend {
  const points = samples.map(({ minute, processes }) => ({ x: minute, y: processes[process][figure] }));
  const perMinute = slope(points);
  const limit = figure === 'descriptors' ? MAX_DESCRIPTORS_PER_MINUTE : MAX_MB_PER_MINUTE;
  return {
    process,
    figure,
    first: points[0]!.y,
    last: points.at(-1)!.y,
    perMinute,
    limit,
    flat: perMinute <= limit,
  };
}

/** The trends of every process after the warm-up; none if the run was not longer than that. */
export function trendsOf({ samples }: Pick<SoakFile, 'samples'>): Trend[] {
  const counted = samples.filter(({ minute }) => minute >= WARM_UP_MINUTES);
  if (counted.length < 2) return [];
  return (['calls', 'stt'] as const).flatMap((process) =>
    (['descriptors', 'residentMb'] as const).map((figure) => trendOf(counted, process, figure)),
  );
}

/** Whether a run shows that nothing leaks: long enough, no process was replaced, every trend flat. */
export function isFlat(file: SoakFile): boolean {
  const trends = trendsOf(file);
  return trends.length > 0 && file.restarts.length === 0 && trends.every(({ flat }) => flat);
}
