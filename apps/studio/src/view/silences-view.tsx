import type { StudioState } from '../state/state.js';
import { msText } from './format.js';
import { helloTimeline, partsText, type ShownSilence, silencesOf, toolTimeline } from './silences.js';
import { Strip } from './strip.js';
import { Waterfall } from './waterfall.js';

function Silence({ silence }: { silence: ShownSilence }) {
  const { name, label, ms, count, percentiles, note, segments } = silence;
  return (
    <div class="silence" data-testid="silence" data-name={name} data-ms={ms} data-n={count}>
      <dt>{label}</dt>
      <dd>
        <p class="silence-ms">{ms === undefined ? <span class="muted">–</span> : `${msText(ms)} ms`}</p>
        {ms !== undefined && ms > 0 && segments.length > 0 && <Strip segments={segments} scaleMs={ms} />}
        {percentiles && (
          <p>
            p50 {msText(percentiles.p50Ms)}, p95 {msText(percentiles.p95Ms)} ms, n {count}
          </p>
        )}
        {segments.length > 0 && <p>{partsText(segments)}</p>}
        <p class="muted">{note}</p>
      </dd>
    </div>
  );
}

/** The four silences besides the felt gap, side by side. */
export function Silences({ state }: { state: StudioState }) {
  return (
    <section class="silences" aria-labelledby="silences-title">
      <h3 id="silences-title">Other silences of this call</h3>
      <dl>
        {silencesOf(state).map((silence) => (
          <Silence key={silence.name} silence={silence} />
        ))}
      </dl>
    </section>
  );
}

/** The ledger of the call's time to hello, open until a turn has one. */
export function HelloLedger({ state, isOpen }: { state: StudioState; isOpen: boolean }) {
  const timeline = state.callRecord && helloTimeline(state.callRecord);
  if (!timeline) return null;
  const words = {
    title: 'Time to hello',
    zero: 'the start of the call',
    end: 'the agent becomes audible',
  };
  return (
    <details class="more-ledger" open={isOpen}>
      <summary>Time to hello: {msText(timeline.lengthMs)} ms</summary>
      <Waterfall timeline={timeline} words={words} id="hello-ledger" />
    </details>
  );
}

/** The ledger of the longest silence of a turn with tools. */
export function ToolLedger({ record }: { record: Parameters<typeof toolTimeline>[0] }) {
  const timeline = toolTimeline(record);
  if (!timeline) return null;
  const words = {
    title: 'Silence at tools',
    zero: 'the last sound before the silence',
    end: 'the agent is heard again',
  };
  return (
    <details class="more-ledger">
      <summary>Longest silence at tools: {msText(timeline.lengthMs)} ms</summary>
      <Waterfall timeline={timeline} words={words} id="tool-ledger" />
    </details>
  );
}
