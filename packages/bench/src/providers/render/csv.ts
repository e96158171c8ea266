import type { RunFile } from '../run-file.js';
import { responseMs, type Sample } from '../sample.js';

type Value = string | number | boolean | undefined;

/** One column of the sheet: its name, with its unit, and where its value stands. */
const COLUMNS: readonly [name: string, of: (sample: Sample) => Value][] = [
  ['index', ({ index }) => index],
  ['arm', ({ armId }) => armId],
  ['warm_up', ({ warmUp }) => warmUp],
  ['language', ({ language }) => language],
  ['conversation', ({ conversation }) => conversation],
  ['turn', ({ turn }) => turn],
  ['scheduled_ms', ({ scheduledMs }) => scheduledMs],
  ['started_ms', ({ startedMs }) => startedMs],
  ['response_ms', responseMs],
  ['connection', ({ connection }) => connection],
  ['dns_ms', ({ opened }) => opened?.dnsMs],
  ['tcp_ms', ({ opened }) => opened?.tcpMs],
  ['tls_ms', ({ opened }) => opened?.tlsMs],
  ['connection_ready_ms', ({ phases }) => phases.connectionReadyMs],
  ['request_sent_ms', ({ phases }) => phases.requestSentMs],
  ['headers_ms', ({ phases }) => phases.headersMs],
  ['first_delta_ms', ({ phases }) => phases.firstDeltaMs],
  ['first_content_ms', ({ phases }) => phases.firstContentMs],
  ['first_clause_ms', ({ phases }) => phases.firstClauseMs],
  ['end_ms', ({ phases }) => phases.endMs],
  ['queue_ms', ({ providerTime }) => providerTime?.queueMs],
  ['prefill_ms', ({ providerTime }) => providerTime?.prefillMs],
  ['prompt_tokens', ({ tokens }) => tokens?.promptTokens],
  ['cached_tokens', ({ tokens }) => tokens?.cachedTokens],
  ['completion_tokens', ({ tokens }) => tokens?.completionTokens],
  ['reasoning_tokens', ({ tokens }) => tokens?.reasoningTokens],
  ['body_bytes', ({ bodyBytes }) => bodyBytes],
  ['cost_usd', ({ costUsd }) => costUsd],
  ['requests', ({ requests }) => requests],
  ['error', ({ error }) => error?.kind],
  ['status', ({ error }) => error?.status],
  ['event_loop_delay_ms', ({ machine }) => machine.eventLoopDelayMs],
  ['spoiled', ({ machine }) => machine.spoiled.join(' ')],
];

/**
 * RFC 4180, and no cell that a spreadsheet would take for a formula: names of models and messages come from outside.
 */
function cell(value: Value): string {
  if (value === undefined) return '';
  if (typeof value !== 'string')
    return typeof value === 'number' ? String(Number(value.toFixed(6))) : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Every sample of a run, warm-ups included, one a line. */
export function benchCsv(run: RunFile): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...run.samples.map((sample) => COLUMNS.map(([, of]) => cell(of(sample)))),
  ];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}
