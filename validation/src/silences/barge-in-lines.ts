import type { BargeInResult } from './barge-in-calls.js';
import { at } from './figures.js';

const share = (some: number, of: number): string => (of === 0 ? '–' : `${Math.round((100 * some) / of)} %`);

function armLines(arm: string, results: readonly BargeInResult[]): string[] {
  const wanted = results.filter(({ stopMs }) => stopMs !== undefined);
  const others = results.filter(({ isFalseStop }) => isFalseStop !== undefined);
  const stops = others.filter(({ isFalseStop }) => isFalseStop);
  const msOf = (name: 'stopMs' | 'silentMs' | 'nextGapMs' | 'unheardMs', of: readonly BargeInResult[]) =>
    of.flatMap(({ [name]: ms }) => (ms === undefined || Number.isNaN(ms) ? [] : [ms]));
  const byKind = ['backchannel', 'cough', 'knock'].map((kind) => {
    const own = others.filter((one) => one.kind === kind);
    return `${kind} ${own.filter(({ isFalseStop }) => isFalseStop).length}/${own.length}`;
  });
  const ofKind = (kind: string) => wanted.filter((one) => one.kind === kind);
  const silent = msOf('silentMs', stops);
  const line = (name: string, of: readonly BargeInResult[]) =>
    `  ${name.padEnd(31)} n ${of.length}  p50 ${at(msOf('stopMs', of), 50)}  p95 ${at(msOf('stopMs', of), 95)} ms`;
  const apart = results.flatMap(({ recordApartMs }) =>
    recordApartMs === undefined ? [] : [Math.abs(recordApartMs)],
  );
  return [
    '',
    `${arm}: ${wanted.length} interruptions, ${others.length} other sounds`,
    line('stop', wanted),
    line('  of several words', ofKind('interruption')),
    line('  of one word', ofKind('one word')),
    `  false stops (${byKind.join(', ')})  ${share(stops.length, others.length)}, answers given up ${others.filter(({ isLost }) => isLost).length}`,
    `  until speech goes on after one  p50 ${at(silent, 50)}  p95 ${at(silent, 95)} ms; ${Math.round(silent.reduce((sum, ms) => sum + ms, 0) / Math.max(1, others.length))} ms per sound`,
    `  gap after an interruption       p50 ${at(msOf('nextGapMs', wanted), 50)}  p95 ${at(msOf('nextGapMs', wanted), 95)} ms; doubled ${wanted.filter(({ answers = 0 }) => answers > 1).length}, unanswered ${wanted.filter(({ nextGapMs }) => nextGapMs === undefined).length}`,
    `  context less what was heard     p50 ${at(msOf('unheardMs', wanted), 50)}  p95 ${at(msOf('unheardMs', wanted), 95)} ms of speech`,
    ...(apart.length === 0
      ? []
      : [`  |record − played|               p50 ${at(apart, 50)}  p95 ${at(apart, 95)} ms`]),
  ];
}

/**
 * What the arms did: one block each, and the curve of stop times against false stops.
 *
 * @param maxLateMs sounds that were given to the agent later than this are left out: the machine was busy
 */
export function bargeInLines(all: readonly BargeInResult[], maxLateMs: number): string[] {
  const results = all.filter(({ lateMs }) => lateMs <= maxLateMs);
  const arms = [...new Set(all.map(({ arm }) => arm))];
  const curve = arms.map((arm) => {
    const own = results.filter((one) => one.arm === arm);
    const stopsMs = own.flatMap(({ stopMs }) => stopMs ?? []);
    const others = own.filter(({ isFalseStop }) => isFalseStop !== undefined);
    const stops = others.filter(({ isFalseStop }) => isFalseStop);
    const lost = others.filter(({ isLost }) => isLost);
    return `${arm.padEnd(26)} ${at(stopsMs, 50).padStart(8)} ${at(stopsMs, 95).padStart(5)} ${share(stops.length, others.length).padStart(12)} ${share(lost.length, others.length).padStart(9)}`;
  });
  if (all.length === 0) return [];
  return [
    ...arms.flatMap((arm) =>
      armLines(
        arm,
        results.filter((one) => one.arm === arm),
      ),
    ),
    '',
    'arm                        stop p50   p95  false stops  given up',
    ...curve,
    `${all.length - results.length} of ${all.length} sounds left out: the machine was busy`,
  ];
}
