import { tokensPerSecond } from '../analyse/usage.js';
import type { RunFile } from '../run-file.js';
import { type BenchArm, type BenchSample, responseMs } from '../sample.js';

type Value = string | number | boolean | undefined;

/** The columns: name, including its unit, and how to read the value. */
const COLUMNS: readonly [name: string, of: (sample: BenchSample, arm: BenchArm | undefined) => Value][] = [
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
  ['final_ms', ({ speech }) => (speech?.kind === 'stt' ? speech.finalMs : undefined)],
  ['preflight_ms', ({ speech }) => (speech?.kind === 'stt' ? speech.eagerMs : undefined)],
  ['first_interim_ms', ({ speech }) => (speech?.kind === 'stt' ? speech.firstInterimMs : undefined)],
  ['interim_every_ms', ({ speech }) => (speech?.kind === 'stt' ? speech.interimEveryMs : undefined)],
  ['interims', ({ speech }) => (speech?.kind === 'stt' ? speech.interims : undefined)],
  ['first_byte_ms', ({ speech }) => (speech && speech.kind !== 'stt' ? speech.firstByteMs : undefined)],
  ['first_audible_ms', ({ speech }) => (speech && speech.kind !== 'stt' ? speech.firstAudibleMs : undefined)],
  ['audio_ms', ({ speech }) => (speech?.kind === 'tts' ? speech.audioMs : undefined)],
  ['turn_end_ms', ({ speech }) => (speech?.kind === 'realtime' ? speech.turnEndMs : undefined)],
  ['response_created_ms', ({ speech }) => (speech?.kind === 'realtime' ? speech.createdMs : undefined)],
  ['session_ms', ({ speech }) => (speech?.kind === 'realtime' ? speech.sessionMs : undefined)],
  ['connect_ms', ({ speech }) => speech?.connectionMs],
  ['queue_ms', ({ providerTime }) => providerTime?.queueMs],
  ['prefill_ms', ({ providerTime }) => providerTime?.prefillMs],
  ['prompt_tokens', ({ tokens }) => tokens?.promptTokens],
  ['cached_tokens', ({ tokens }) => tokens?.cachedTokens],
  ['cache_write_tokens', ({ tokens }) => tokens?.cacheWriteTokens],
  ['completion_tokens', ({ tokens }) => tokens?.completionTokens],
  ['reasoning_tokens', ({ tokens }) => tokens?.reasoningTokens],
  ['tokens_per_second', tokensPerSecond],
  ['requests_left', ({ limits }) => limits?.requests?.remaining],
  ['tokens_left', ({ limits }) => limits?.tokens?.remaining],
  ['service_tier', ({ serviceTier }) => serviceTier],
  ['served_by', ({ servedBy }) => servedBy],
  ['body_bytes', ({ bodyBytes }) => bodyBytes],
  ['cost_usd', ({ costUsd }) => costUsd],
  ['requests', ({ requests }) => requests],
  ['error', ({ error }) => error?.kind],
  ['status', ({ error }) => error?.status],
  ['event_loop_delay_ms', ({ machine }) => machine.eventLoopDelayMs],
  ['cpu_share', ({ machine }) => machine.cpuShare],
  ['steal_share', ({ machine }) => machine.stealShare],
  ['contaminated', ({ machine }) => machine.contaminated.join(' ')],
  // The parts of the arm's id as separate columns, for pivot tables.
  ['target', (_, arm) => arm?.target],
  ['mode', (_, arm) => arm?.mode],
  ['idle_s', (_, arm) => arm?.idleMs && arm.idleMs / 1000],
  ['prefix', (_, arm) => arm?.prefix],
  ['body_encoding', (_, arm) => arm?.bodyEncoding],
  ['effort', (_, arm) => arm?.effort],
  ['silence_ms', (_, arm) => arm?.silenceMs],
  ['concurrency', (_, arm) => arm?.concurrency],
  ['emulated', (_, arm) => arm?.emulated],
];

/**
 * One cell, quoted per RFC 4180. Text that a spreadsheet would evaluate as a formula gets a leading apostrophe, because
 * model names and error messages are untrusted input.
 */
function cell(value: Value): string {
  if (value === undefined) return '';
  if (typeof value !== 'string')
    return typeof value === 'number' ? String(Number(value.toFixed(6))) : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A run as CSV: a header line, then one line per sample, warm-ups included. Lines end with CR LF. */
export function benchCsv(run: RunFile): string {
  const arms = new Map(run.arms.map((arm) => [arm.id, arm]));
  const lines = [
    COLUMNS.map(([name]) => name),
    ...run.samples.map((sample) => COLUMNS.map(([, of]) => cell(of(sample, arms.get(sample.armId))))),
  ];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}
