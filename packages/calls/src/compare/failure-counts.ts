import type { ArmReport, Fraction } from './report.js';

/** Stands for what is not known. */
export const NONE = '–';

/** What an arm did wrong, and how often: the heads of the columns. */
export const FAILURE_HEADS = [
  'arm',
  'cut-offs',
  'lost',
  'doubled',
  'wrong',
  'misheard',
  'uh-huh stops',
  'errors',
] as const;

const outOf = ({ count, of }: Fraction) => (of === 0 ? NONE : `${count} of ${of}`);

/** An arm's row under these heads. */
export function failureCountsRow(arm: ArmReport): string[] {
  return [
    arm.arm,
    `${arm.cutOffs} of ${arm.lines}`,
    String(arm.lost),
    String(arm.doubled),
    outOf(arm.wrong),
    outOf(arm.misheard),
    `${arm.backchannels.stopped} of ${arm.backchannels.said}`,
    String(arm.errors),
  ];
}
