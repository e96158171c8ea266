import type { ArmReport, Fraction } from './report.js';

/** Stands for a missing value in tables. */
export const NONE = '–';

/** Column heads of the table of failure counts. */
export const FAILURE_HEADS = [
  'arm',
  'cut-offs',
  'lost',
  'failed',
  'doubled',
  'wrong',
  'misheard',
  'stops',
  'errors',
] as const;

const outOf = ({ count, of }: Fraction) => (of === 0 ? NONE : `${count} of ${of}`);

/** The share of lines that were cut off, with its 95 % interval. */
export function cutOffText({ cutOffs, lines, cutOffShare }: ArmReport): string {
  if (lines === 0) return NONE;
  const percent = (share: number) => String(Math.round(100 * share));
  const interval = cutOffShare && ` (${percent(cutOffShare.low)}–${percent(cutOffShare.high)})`;
  return `${percent(cutOffs / lines)} %${interval ?? ''}`;
}

/** The failure counts of an arm, as a row under `FAILURE_HEADS`. */
export function failureCountsRow(arm: ArmReport): string[] {
  return [
    arm.arm,
    `${arm.cutOffs} of ${arm.lines}`,
    String(arm.lost),
    String(arm.failed),
    String(arm.doubled),
    outOf(arm.wrong),
    outOf(arm.misheard),
    `${arm.backchannels.stopped} of ${arm.backchannels.said}`,
    String(arm.errors),
  ];
}
