import { type Markup, stackedBars } from '@firstword/records/html';
import type { BenchArmReport } from '../../analyse/arm-report.js';
import type { PhaseName } from '../../analyse/phases.js';
import { ms } from '../format.js';

/** The drawn parts, each in its own colour. Phases that no setting influences separately are merged. */
const PARTS: readonly [name: string, phases: readonly PhaseName[]][] = [
  ['DNS', ['dns']],
  ['TCP', ['tcp']],
  ['TLS', ['tls']],
  ['wait and send', ['connection', 'request']],
  ['to headers', ['headers']],
  ['to first delta', ['firstDelta']],
  ['to first content', ['firstContent']],
  ['to first clause', ['firstClause']],
];

const partsMsOf = ({ phases }: BenchArmReport): number[] =>
  PARTS.map(([, members]) =>
    phases.filter(({ phase }) => members.includes(phase)).reduce((sum, { meanMs }) => sum + meanMs, 0),
  );

/**
 * The phases of each arm one after another, as means, because means add up and medians do not.
 * @returns `undefined` where no arm has phases
 */
export function waterfallPlot(
  arms: readonly BenchArmReport[],
  name: (armId: string) => string,
): Markup | undefined {
  const bars = arms
    .filter(({ phases }) => phases.length > 0)
    .map((arm) => {
      const partsMs = partsMsOf(arm);
      return { id: name(arm.arm.id), partsMs, total: ms(partsMs.reduce((sum, partMs) => sum + partMs, 0)) };
    });
  if (bars.length === 0) return undefined;
  return stackedBars(
    bars.map(({ id, partsMs, total }) => ({ label: `${id}: ${total} ms`, partsMs })),
    {
      title: 'Where the time goes',
      note: 'Mean of the answered requests, to the first clause.',
      alt: bars.map(({ id, total }) => `${id}: ${total} ms to the first clause`).join('; '),
      names: PARTS.map(([part]) => part),
    },
  );
}
