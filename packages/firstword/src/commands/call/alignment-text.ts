import type { AlignedTurn, AlignmentSummary, CallAlignment } from '@firstword/calls';
import type { Estimate } from '@firstword/records';

export const ms = (value: number) => `${Math.round(value)} ms`;

export function estimate({ valueMs, lowMs, highMs }: Estimate): string {
  if (lowMs === undefined || highMs === undefined) return ms(valueMs);
  return `${ms(valueMs)} [${Math.round(lowMs)}–${Math.round(highMs)}]`;
}

const column = (value: number | undefined) =>
  (value === undefined ? '–' : Math.round(value).toString()).padStart(9);

function turnLine({ turn, tapeMs, ledgerMs, differenceMs, ...rest }: AlignedTurn): string {
  const figures = [tapeMs, ledgerMs, rest.transportMs, differenceMs, rest.unaccountedMs].map(column).join('');
  const { toAgentMs, toCallerMs } = rest;
  const ways =
    toAgentMs === undefined || toCallerMs === undefined
      ? ''
      : `   ${Math.round(toAgentMs)} to the agent, ${Math.round(toCallerMs)} back`;
  return `${String(turn).padStart(6)}${figures}${ways}`;
}

/** Turn by turn, what the agent's records say of a call and what its caller's tape does. */
export function alignmentLines({ turns, unrecordedMs, spokenOver, notOnTape }: CallAlignment): string[] {
  const at = unrecordedMs.map((value) => `${(value / 1000).toFixed(1)} s`).join(', ');
  return [
    '  turn     tape   ledger  transport  off by  unaccounted   (ms)',
    ...turns.map(turnLine),
    ...(at ? [`  On the tape and in no record: the turns that end at ${at}`] : []),
    ...(spokenOver.length > 0
      ? [`  Begun over the caller, so that there is no gap on the tape: turns ${spokenOver.join(', ')}`]
      : []),
    ...(notOnTape.length > 0 ? [`  In the records and not on the tape: turns ${notOnTape.join(', ')}`] : []),
  ];
}

/** All calls together. */
export function alignmentSummaryLines(summary: AlignmentSummary): string[] {
  const { turns, unrecorded, spokenOver, notOnTape, notMeasured, transport, difference, unaccounted } =
    summary;
  return [
    '',
    `Records against tapes: ${turns} turns in both, ${unrecorded} on the tapes alone, ${notOnTape} in the records alone`,
    ...(spokenOver > 0 ? [`${spokenOver} answers began over the caller, where the tape has no gap`] : []),
    ...(transport
      ? [`Transport, from the audio: p50 ${estimate(transport.p50)}, p95 ${estimate(transport.p95)}`]
      : []),
    ...(notMeasured > 0 ? [`The transport of ${notMeasured} turns could not be measured`] : []),
    ...(difference
      ? [`|Ledger + transport − tape|: p50 ${estimate(difference.p50)}, p95 ${estimate(difference.p95)}`]
      : []),
    ...(unaccounted ? [`Unaccounted in the ledgers: p95 ${estimate(unaccounted.p95)}`] : []),
  ];
}
