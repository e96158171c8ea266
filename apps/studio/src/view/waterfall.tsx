import type { TurnRecord } from '@firstword/turn';
import { shownGainMs } from '@firstword/turn/display';
import { msText } from './format.js';
import { ownerLabel } from './owners.js';
import { type Bar, type WaterfallLayout, waterfallLayout } from './waterfall-layout.js';

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

function BarRow({ bar, hidden }: { bar: Bar; hidden?: boolean }) {
  const gain = shownGainMs(bar.durationMs, bar.gainMs);
  return (
    <li class="row" data-name={bar.name} data-owner={bar.owner} data-ms={bar.durationMs}>
      <span class="row-label">
        <span class="row-name">{bar.name}</span>
        <span class="row-owner">
          <span class="swatch" data-owner={bar.owner} aria-hidden="true" />
          {ownerLabel(bar.owner, bar.ownerName)}
        </span>
      </span>
      <span class="track" aria-hidden="true">
        <span
          class={hidden ? 'bar bar-hidden' : 'bar'}
          data-owner={bar.owner}
          data-cut={bar.cut}
          style={{ left: percent(bar.leftShare), width: percent(bar.widthShare) }}
        />
      </span>
      <span class="row-ms">
        {msText(bar.durationMs)} <abbr title="milliseconds">ms</abbr>
        {gain !== undefined && (
          <span
            class="row-gain"
            title="The gap would shrink by this without the segment: other work ends shortly before it."
          >
            gains {msText(gain)} ms
          </span>
        )}
      </span>
    </li>
  );
}

function Axis({ layout }: { layout: WaterfallLayout }) {
  return (
    <div class="axis" aria-hidden="true">
      <div class="axis-lines">
        {layout.ticks.map((tick) => (
          <span
            key={tick.ms}
            class={tick.ms === 0 ? 'tick tick-zero' : 'tick'}
            style={{ left: percent(tick.share) }}
          >
            <span class="tick-label">{msText(tick.ms)}</span>
          </span>
        ))}
        <span class="tick tick-end" style={{ left: percent(layout.endShare) }} />
      </div>
    </div>
  );
}

function TableGroup({ title, bars }: { title: string; bars: Bar[] }) {
  if (bars.length === 0) return null;
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colSpan={5}>
          {title}
        </th>
      </tr>
      {bars.map((bar) => (
        <tr key={`${bar.name} ${bar.startMs} ${bar.durationMs}`}>
          <th scope="row">{bar.name}</th>
          <td>{ownerLabel(bar.owner, bar.ownerName)}</td>
          <td class="number">{msText(bar.startMs)}</td>
          <td class="number">{msText(bar.durationMs)}</td>
          <td class="number">{bar.gainMs === undefined ? '–' : msText(bar.gainMs)}</td>
        </tr>
      ))}
    </tbody>
  );
}

function Table({ layout }: { layout: WaterfallLayout }) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label="Ledger as a table">
        <table>
          <caption>
            In ms, from the end of the caller’s speech. Gain: how much the gap would shrink without the
            segment.
          </caption>
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col">Owner</th>
              <th scope="col" class="number">
                Start
              </th>
              <th scope="col" class="number">
                Length
              </th>
              <th scope="col" class="number">
                Gain
              </th>
            </tr>
          </thead>
          <TableGroup title="Felt gap" bars={layout.bars} />
          <TableGroup title="Hidden work" bars={layout.hidden} />
        </table>
      </section>
    </details>
  );
}

/** A turn's ledger on a time axis: the segments, which sum to the felt gap, and below them the hidden work. */
export function WaterfallView({ record }: { record: TurnRecord }) {
  const layout = waterfallLayout(record);
  if (!layout) {
    return (
      <p class="problem" data-testid="turn-problem">
        No felt gap for this turn: {record.problem ?? 'the record gives no reason'}.
      </p>
    );
  }
  return (
    <div class="waterfall">
      <div class="chart">
        <Axis layout={layout} />
        <ol class="rows" aria-label="Segments of the felt gap, in time order" data-testid="segments">
          {layout.bars.map((bar) => (
            <BarRow key={`${bar.name} ${bar.startMs}`} bar={bar} />
          ))}
        </ol>
        {layout.hidden.length > 0 && (
          <>
            <p class="hidden-title">
              <span>
                <strong>Hidden work</strong> ran in parallel and adds nothing to the gap.
              </span>
            </p>
            <ol class="rows" aria-label="Hidden work" data-testid="hidden">
              {layout.hidden.map((bar) => (
                <BarRow key={`${bar.name} ${bar.startMs} ${bar.durationMs}`} bar={bar} hidden />
              ))}
            </ol>
          </>
        )}
      </div>
      <p class="axis-note">
        0 = end of the caller’s speech. <span class="key-end" aria-hidden="true" /> = the answer becomes
        audible.
      </p>
      <Table layout={layout} />
    </div>
  );
}
