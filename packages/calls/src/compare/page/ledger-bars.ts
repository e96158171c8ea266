import { wholeMs } from '@firstword/records';
import { MAX_PARTS, type Markup, stackedBars } from '@firstword/records/html';
import type { CallOutcome } from '../outcome.js';

/** One colour is kept for the sum of the smallest owners. */
const MAX_OWNERS = MAX_PARTS - 1;
const REST = 'all others';

interface ArmLedger {
  arm: string;
  turns: number;
  /** Mean over the turns, ms, by owner. */
  byOwner: Map<string, number>;
}

/** Mean silence per owner over the turns of an arm. The means sum to the mean felt gap of its records. */
export function armLedger(arm: string, calls: readonly CallOutcome[]): ArmLedger {
  const turns = calls
    .filter((call) => call.arm === arm && call.round > 0)
    .flatMap((call) =>
      call.lines.flatMap(({ turn }) => (turn && turn.ledger.length > 0 ? [turn.ledger] : [])),
    );
  const byOwner = new Map<string, number>();
  for (const { owner, ms: partMs } of turns.flat()) {
    byOwner.set(owner, (byOwner.get(owner) ?? 0) + partMs / turns.length);
  }
  return { arm, turns: turns.length, byOwner };
}

function ownersOf(arms: readonly ArmLedger[]): string[] {
  const totals = new Map<string, number>();
  for (const { byOwner } of arms) {
    for (const [owner, mean] of byOwner) totals.set(owner, (totals.get(owner) ?? 0) + mean);
  }
  return [...totals].sort((a, b) => b[1] - a[1]).map(([owner]) => owner);
}

/** An arm's means in the order of the legend, with the smallest owners merged. */
function partsOf({ byOwner }: ArmLedger, owners: readonly string[], shown: readonly string[]): number[] {
  const own = shown.map((owner) => byOwner.get(owner) ?? 0);
  const rest = owners.slice(shown.length).reduce((sum, owner) => sum + (byOwner.get(owner) ?? 0), 0);
  return owners.length > shown.length ? [...own, rest] : own;
}

/** The felt gap by owner, one bar per arm; `undefined` where no record has a ledger. */
export function ledgerBars(arms: readonly string[], calls: readonly CallOutcome[]): Markup | undefined {
  const ledgers = arms.map((arm) => armLedger(arm, calls)).filter(({ turns }) => turns > 0);
  if (ledgers.length === 0) return undefined;
  const owners = ownersOf(ledgers);
  const shown = owners.slice(0, MAX_OWNERS);
  const names = owners.length > shown.length ? [...shown, REST] : shown;
  const bars = ledgers.map((ledger) => {
    const totalMs = [...ledger.byOwner.values()].reduce((sum, mean) => sum + mean, 0);
    return {
      ...ledger,
      partsMs: partsOf(ledger, owners, shown),
      total: `${ledger.arm}: ${wholeMs(totalMs)} ms`,
    };
  });
  return stackedBars(
    bars.map(({ total, turns, partsMs }) => ({ label: `${total} (${turns} turns)`, partsMs })),
    {
      title: 'Whose the silence was',
      note: 'Mean over the turns, from the agents’ own records: every millisecond of the gap has an owner.',
      alt: bars.map(({ total }) => `${total} in the mean`).join('; '),
      names,
    },
  );
}
