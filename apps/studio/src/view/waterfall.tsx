import type { TurnRecord } from '@firstword/turn';
import { msText } from './format.js';
import { ownerLabel } from './owners.js';
import { type Bar, type Waterfall, waterfall } from './waterfall-layout.js';

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

function BarRow({ bar, hidden }: { bar: Bar; hidden?: boolean }) {
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
      </span>
    </li>
  );
}

function Axis({ layout }: { layout: Waterfall }) {
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

function Table({ layout }: { layout: Waterfall }) {
  const rows = [
    ...layout.bars.map((bar) => ({ bar, part: 'Felt gap' })),
    ...layout.hidden.map((bar) => ({ bar, part: 'Hidden' })),
  ];
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="table-scroll">
        <table>
          <caption>Times in milliseconds from the end of the caller’s speech</caption>
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col">Owner</th>
              <th scope="col">Part of</th>
              <th scope="col">Start</th>
              <th scope="col">Length</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ bar, part }) => (
              <tr key={`${part} ${bar.name} ${bar.startMs}`}>
                <th scope="row">{bar.name}</th>
                <td>{ownerLabel(bar.owner, bar.ownerName)}</td>
                <td>{part}</td>
                <td>{msText(bar.startMs)}</td>
                <td>{msText(bar.durationMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** A turn's ledger on a time axis: the critical path, which sums to the felt gap, and below it the hidden work. */
export function WaterfallView({ record }: { record: TurnRecord }) {
  const layout = waterfall(record);
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
                <strong>Hidden work</strong> ran at the same time: it adds nothing to the gap.
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
        0 = the caller’s last word. <span class="key-end" aria-hidden="true" /> = the answer is heard.
      </p>
      <Table layout={layout} />
    </div>
  );
}
