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
