import { ascending, percentile } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import type { Remedy } from '../finding.js';
import { hasLedger, waitedMs } from '../waited.js';

/** Answered turns of a realtime model whose ledger is known. */
export const realtimeTurns = (turns: readonly EvidenceTurn[]): EvidenceTurn[] =>
  turns.filter((turn) => turn.isRealtime && hasLedger(turn));

/** The model of these turns, as text that a sentence can begin with. */
export function realtimeName([first]: readonly EvidenceTurn[]): string {
  const model = first?.llm?.model;
  return model === undefined || model === 'unknown' ? 'The model' : model;
}

/** From the caller's last sample to the provider's end of the turn, ms; where that is not known, to its report. */
export const turnDetectionMs = (turn: EvidenceTurn): number => waitedMs(turn, 'realtimeTurnDetection');

/** From the end of the turn to the model's first output, ms. Tools, the rescue and the network are not in it. */
export const responseMs = (turn: EvidenceTurn): number => waitedMs(turn, 'realtimeModel', 'llm');

/** From the caller's last sample to the model's first output, ms, of a provider that does not report the end of the turn; else 0. */
export const unreportedEndMs = (turn: EvidenceTurn): number => waitedMs(turn, 'realtimeUnreported');

/** The type of turn detection that the session reports, such as `server_vad`. */
export const detectionType = ({ settings }: EvidenceTurn): string | undefined => {
  const type = settings?.['turnDetection.type'];
  return typeof type === 'string' ? type : undefined;
};

/** The API whose settings a model has, by the name of its host or model. */
function apiOf({ llm }: EvidenceTurn): 'openai' | 'xai' | 'google' {
  const name = `${llm?.provider ?? ''} ${llm?.model ?? ''}`;
  if (/x\.ai|xai|grok/i.test(name)) return 'xai';
  return /google|gemini|vertex/i.test(name) ? 'google' : 'openai';
}

/** A remedy in the options of each API's plugin; xAI's plugin takes those of OpenAI's. */
export function remedyOf(
  [first]: readonly EvidenceTurn[],
  { openai, google }: { openai: Remedy; google: Remedy },
): Remedy {
  const api = first ? apiOf(first) : 'openai';
  if (api !== 'xai') return api === 'google' ? google : openai;
  // The classes and options of both plugins have the same names.
  return JSON.parse(
    JSON.stringify(openai).replaceAll('openai.realtime.', 'xai.realtime.').replace('OpenAI', 'xAI'),
  ) as Remedy;
}

/** Median and 95th percentile of the values of these turns. */
export function spreadOf(turns: readonly EvidenceTurn[], of: (turn: EvidenceTurn) => number) {
  const values = ascending(turns.map(of));
  return { p50Ms: percentile(values, 50), p95Ms: percentile(values, 95), maxMs: percentile(values, 100) };
}
