import { alignColumns } from '@firstword/records';
import type { RecordedCall } from './recordings.js';

/** More turns than this are summed up in the last row. */
const MOST_ROWS = 60;
/** Pauses this long are where an agent may take the turn for over, ms. */
const PAUSE_MS = 200;

const seconds = (ms: number) => (ms / 1000).toFixed(2);

/** Where each turn of the recordings begins and ends, and its longest pauses, as a table with its title for a terminal. */
export function renderRecordings(calls: readonly RecordedCall[]): string {
  const rows = calls.flatMap(({ id, files }) =>
    files
      .flatMap(({ name, durationMs, turns }) => turns.map((turn) => ({ name, durationMs, ...turn })))
      .map(({ name, durationMs, startMs, endMs, pausesMs }, i) => [
        `${id}/${i + 1}`,
        name,
        seconds(startMs),
        seconds(endMs),
        seconds(durationMs),
        pausesMs
          .filter((ms) => ms >= PAUSE_MS)
          .slice(0, 4)
          .map((ms) => String(Math.round(ms)))
          .join(' ') || '–',
      ]),
  );
  const heads = ['call/turn', 'file', 'starts s', 'ends s', 'of s', 'pauses ms'];
  const shown = `Turns in the recordings\n${alignColumns([heads, ...rows.slice(0, MOST_ROWS)])}`;
  const more = rows.length - MOST_ROWS;
  return more > 0 ? `${shown}\n and ${more} more` : shown;
}
