import { ownerText, type Segment } from '@firstword/turn';
import { plainText, shownGainMs } from '@firstword/turn/display';
import { msText } from '../../render/text-bar.js';
import { wholeMs, worstHeading, worstParts } from '../../render/words.js';
import type { WorstTurn } from '../../report/turn-report.js';
import { html, type Markup } from '../markup.js';

const percent = (value: number) => `${Math.round(value * 1000) / 10}%`;

function row(segment: Segment, fromMs: number, toMs: number, hidden: boolean): Markup {
  const span = Math.max(toMs - fromMs, 0.001);
  const start = Math.max(0, (segment.fromMs - fromMs) / span);
  const length = Math.max(0, Math.min(1, (segment.toMs - fromMs) / span) - start);
  const gain = shownGainMs(segment.durationMs, segment.gainMs);
  return html`<span>${plainText(segment.name)}<small class="soft">${plainText(ownerText(segment.owner))}</small></span>
<span class="bar ${segment.owner.kind}${hidden ? ' hidden' : ''}"><i style="left:${percent(start)};width:${percent(length)}"></i></span>
<span>${msText(segment.durationMs)}${gain !== undefined && html`<small class="soft">gains ${msText(gain)}</small>`}</span>`;
}

/** One turn's ledger as bars on one time axis. Hidden work is below, hatched. */
function turnBars(turn: WorstTurn): Markup {
  const first = turn.segments[0];
  const last = turn.segments.at(-1);
  if (!first || !last) {
    return html`<p class="soft">${worstParts(turn, 0)}</p>`;
  }
  const earliest = Math.min(first.fromMs, ...turn.hidden.map(({ fromMs }) => fromMs));
  // Hidden work can begin long before the caller stopped: showing all of it would compress the gap.
  const fromMs = Math.max(earliest, first.fromMs - (last.toMs - first.fromMs) / 2);
  const rows = (segments: readonly Segment[], hidden: boolean) =>
    segments.filter(({ durationMs }) => durationMs >= 0.5).map((one) => row(one, fromMs, last.toMs, hidden));
  return html`<div class="ledger">${rows(turn.segments, false)}</div>
${turn.hidden.length > 0 && html`<details><summary class="soft">Hidden work, not added</summary><div class="ledger">${rows(turn.hidden, true)}</div></details>`}`;
}

/** The slowest turns, each as a heading with its ledger. */
export function worstTurnsHtml(worst: readonly WorstTurn[]): Markup[] {
  return worst.map(
    (turn) => html`<h3>${wholeMs(turn.gapMs)} ms <small>${worstHeading(turn)}</small></h3>
${turnBars(turn)}`,
  );
}
