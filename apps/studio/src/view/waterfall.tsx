import type { TurnRecord } from '@firstword/turn';
import { shownGainMs } from '@firstword/turn/display';
import { msText } from './format.js';
import { ownerLabel } from './owners.js';
import {
  type Bar,
  gapTimeline,
  type Timeline,
  type WaterfallLayout,
  waterfallLayout,
} from './waterfall-layout.js';

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

function Table({ layout, words }: { layout: WaterfallLayout; words: SilenceWords }) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={`${words.title} as a table`}>
        <table>
          <caption>
            In ms, from {words.zero}. Gain: how much the silence would shrink without the segment.
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
          <TableGroup title={words.title} bars={layout.bars} />
          <TableGroup title="Hidden work" bars={layout.hidden} />
        </table>
      </section>
    </details>
  );
}

/** How a silence is called, and which events are its two ends. */
export interface SilenceWords {
  title: string;
  zero: string;
  end: string;
}

const FELT_GAP: SilenceWords = {
  title: 'Felt gap',
  zero: 'the end of the caller’s speech',
  end: 'the answer becomes audible',
};

/** A silence on a time axis: the segments, which sum to it, and below them the hidden work. */
export function Waterfall({ timeline, words, id }: { timeline: Timeline; words: SilenceWords; id?: string }) {
  const layout = waterfallLayout(timeline);
  const prefix = id === undefined ? '' : `${id}-`;
  return (
    <div class="waterfall" data-testid={id}>
      <div class="chart">
        <Axis layout={layout} />
        <ol
          class="rows"
          aria-label={`Segments of the silence, in time order: ${words.title}`}
          data-testid={`${prefix}segments`}
        >
          {layout.bars.map((bar) => (
            <BarRow key={`${bar.name} ${bar.startMs}`} bar={bar} />
          ))}
        </ol>
        {layout.hidden.length > 0 && (
          <>
            <p class="hidden-title">
              <span>
                <strong>Hidden work</strong> ran in parallel or before, and adds nothing to the silence.
              </span>
            </p>
            <ol class="rows" aria-label="Hidden work" data-testid={`${prefix}hidden`}>
              {layout.hidden.map((bar) => (
                <BarRow key={`${bar.name} ${bar.startMs} ${bar.durationMs}`} bar={bar} hidden />
              ))}
            </ol>
          </>
        )}
      </div>
      <p class="axis-note">
        0 = {words.zero}. <span class="key-end" aria-hidden="true" /> = {words.end}.
      </p>
      <Table layout={layout} words={words} />
    </div>
  );
}

/** A turn's ledger: its felt gap, or why it has none. */
export function WaterfallView({ record }: { record: TurnRecord }) {
  const timeline = gapTimeline(record);
  if (!timeline) {
    return (
      <p class="problem" data-testid="turn-problem">
        No felt gap for this turn: {record.problem ?? 'the record gives no reason'}.
      </p>
    );
  }
  return <Waterfall timeline={timeline} words={FELT_GAP} />;
}
