import type { AlignedTurn, AlignmentSummary, CallAlignment } from '@firstword/calls';
import { type Estimate, plainText } from '@firstword/records';
import { roundMs } from '@firstword/turn/display';

/** A duration as text, rounded by `roundMs`. */
export const ms = (value: number) => `${roundMs(value)} ms`;

/** An estimate as text, with its interval if there is one. */
export function estimate({ valueMs, lowMs, highMs }: Estimate): string {
  if (lowMs === undefined || highMs === undefined) return ms(valueMs);
  return `${ms(valueMs)} [${Math.round(lowMs)}–${Math.round(highMs)}]`;
}

const column = (value: number | undefined) =>
  (value === undefined ? '–' : Math.round(value).toString()).padStart(9);

function turnLine({ turn, tapeMs, ledgerMs, differenceMs, ...rest }: AlignedTurn): string {
  const figures = [tapeMs, ledgerMs, rest.transportMs, differenceMs, rest.unaccountedMs].map(column).join('');
  const { toAgentMs, toCallerMs } = rest;
  const directions =
    toAgentMs === undefined || toCallerMs === undefined
      ? ''
      : `   ${Math.round(toAgentMs)} to the agent, ${Math.round(toCallerMs)} back`;
  return `${String(turn).padStart(6)}${figures}${directions}`;
}

/** A table of a call's turns: the gap on the caller's tape next to the agent's ledger and the measured transport. */
export function alignmentLines({
  turns,
  unrecordedMs,
  spokenOver,
  notOnTape,
  failed,
}: CallAlignment): string[] {
  const at = unrecordedMs.map((value) => `${(value / 1000).toFixed(1)} s`).join(', ');
  return [
    ...failed.map(
      ({ turn, problem }) => `  Turn ${turn} failed, by the agent's record: ${plainText(problem)}`,
    ),
    '  turn     tape   ledger  transport  off by  unaccounted   (ms)',
    ...turns.map(turnLine),
    ...(at ? [`  Turns on the tape without a record, by the end of the caller's speech: ${at}`] : []),
    ...(spokenOver.length > 0
      ? [
          `  Turns without a gap on the tape, because the answer overlapped the caller: ${spokenOver.join(', ')}`,
        ]
      : []),
    ...(notOnTape.length > 0
      ? [`  Turns with a record that are not on the tape: ${notOnTape.join(', ')}`]
      : []),
  ];
}

/** Summary over all calls. */
export function alignmentSummaryLines(summary: AlignmentSummary): string[] {
  const { turns, unrecorded, spokenOver, notOnTape, notMeasured, transport, difference, unaccounted } =
    summary;
  return [
    '',
    `Records and tapes: ${turns} turns in both, ${unrecorded} only on the tapes, ${notOnTape} only in the records`,
    ...(spokenOver > 0 ? [`${spokenOver} answers overlapped the caller: no gap on the tape`] : []),
    ...(transport
      ? [`Transport, from the audio: p50 ${estimate(transport.p50)}, p95 ${estimate(transport.p95)}`]
      : []),
    ...(notMeasured > 0 ? [`Transport not measurable: ${notMeasured} turns`] : []),
    ...(difference
      ? [`|Ledger + transport − tape|: p50 ${estimate(difference.p50)}, p95 ${estimate(difference.p95)}`]
      : []),
    ...(unaccounted ? [`Unattributed in the ledgers: p95 ${estimate(unaccounted.p95)}`] : []),
  ];
}
