import { FIGURE_WIDTH, html, type Markup, px } from '@firstword/records/html';
import type { RecordedCall, RecordedFile } from '../../caller/recordings.js';

const HEIGHT = 56;
const MIDDLE = 24;
const HALF = 22;

const seconds = (ms: number) => (ms / 1000).toFixed(2);

/** The loudness of a file over time, with the caller's turns marked. */
function picture(call: string, { name, durationMs, turns, envelope }: RecordedFile): Markup {
  const x = (ms: number) => px((ms / durationMs) * FIGURE_WIDTH);
  const width = FIGURE_WIDTH / envelope.length;
  // Square roots, so that soft endings are visible beside loud speech.
  const half = (peak: number) => Math.max(0.3, Math.sqrt(peak) * HALF);
  const up = envelope.map((peak, i) => `${px((i + 0.5) * width)},${px(MIDDLE - half(peak))}`);
  const down = envelope.map((peak, i) => `${px((i + 0.5) * width)},${px(MIDDLE + half(peak))}`).reverse();
  const spans = turns.map(
    ({ startMs, endMs }) =>
      html`<rect class="turn" x="${x(startMs)}" width="${px(((endMs - startMs) / durationMs) * FIGURE_WIDTH)}" y="0" height="${2 * MIDDLE}"/>`,
  );
  const ends = turns.map(
    ({ endMs }) => html`<line class="end" x1="${x(endMs)}" x2="${x(endMs)}" y1="0" y2="${2 * MIDDLE}"/>`,
  );
  const times = turns.map(({ startMs, endMs }) => `${seconds(startMs)}–${seconds(endMs)} s`).join(', ');
  return html`<div><p>${name} <small>${call}: ${times} of ${seconds(durationMs)} s</small></p>
<svg viewBox="0 0 ${FIGURE_WIDTH} ${HEIGHT - 8}" role="img" aria-label="${name}: speech at ${times}">${spans}<polygon
class="sound" points="${[...up, ...down].join(' ')}"/>${ends}</svg></div>`;
}

/** Pictures of the recordings, with the turns as the gap detector found them: the reader sees whether they are right. */
export function recordingsSection(calls: readonly RecordedCall[]): Markup | undefined {
  if (calls.length === 0) return undefined;
  const count = calls.reduce((sum, { clips }) => sum + clips.length, 0);
  return html`<section><h2>Where the turns begin and end</h2>
<p class="soft">${count} turns in ${calls.reduce((sum, { files }) => sum + files.length, 0)} files. Shaded: what is played as the caller's turn. Line: the last
speech, from which the felt gap counts. If a line is not where the person stops, leave that file out.</p>
<div class="recordings">${calls.map(({ id, files }) => files.map((file) => picture(id, file)))}</div></section>`;
}
