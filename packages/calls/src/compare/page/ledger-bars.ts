import { figure, html, type Markup, ms, px, scaleOf, WIDTH, xAxis } from '@firstword/records/html';
import type { CallOutcome } from '../outcome.js';

const LEFT = 12;
const TOP = 6;
const ROW = 52;
/** More colours than this are indistinguishable, so the smallest owners are merged. */
const MOST_OWNERS = 7;
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
  const shown = owners.slice(0, MOST_OWNERS);
  const names = owners.length > shown.length ? [...shown, REST] : shown;
  const totals = ledgers.map(({ byOwner }) => [...byOwner.values()].reduce((sum, mean) => sum + mean, 0));
  const bottom = TOP + ledgers.length * ROW;
  const x = scaleOf([0, ...totals], { from: LEFT, to: WIDTH - 12, ticks: 6 });
  const bars = ledgers.map((ledger, row) => {
    const y = TOP + row * ROW;
    let atMs = 0;
    const parts = partsOf(ledger, owners, shown).map((partMs, i) => {
      const from = x(atMs);
      atMs += partMs;
      return html`<rect class="owner o${i}" x="${px(from)}" y="${y + 22}" width="${px(x(atMs) - from)}" height="22"><title>${names[i]!}: ${ms(partMs)} ms</title></rect>`;
    });
    return html`<text class="name" x="${LEFT}" y="${y + 15}">${ledger.arm}: ${ms(totals[row]!)} ms (${ledger.turns} turns)</text>${parts}`;
  });
  const legend = names.map((name, i) => html`<li><i class="o${i}"></i>${name}</li>`);
  return figure({
    title: 'Felt gap by owner',
    note: 'Mean over the turns, from the agents’ records: every millisecond of the gap is attributed to an owner.',
    alt: ledgers.map(({ arm }, i) => `${arm}: mean ${ms(totals[i]!)} ms`).join('; '),
    height: bottom + 26,
    body: html`${xAxis(x, { top: TOP, bottom, unit: 'ms' })}${bars}`,
    legend: html`<ul class="legend owners">${legend}</ul>`,
  });
}
