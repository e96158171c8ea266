import type { AnsweredRequest } from '@firstword/gateway';
import type { Clock } from '@firstword/turn';
import type { LogLevel } from './options.js';

/** The same problem is told again after this time, with how often it happened, ms. */
const REPEAT_AFTER_MS = 60_000;
/** Kinds of problems that are remembered. */
const MAX_KINDS = 1_000;

interface Kind {
  toldMs: number;
  /** Since it was told. */
  count: number;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/**
 * Writes the problems of a running gateway for its operator: one line for each kind of problem, at most once a minute. Lines
 * contain only names, error codes and times, never words of a request or keys.
 */
export class ProblemLog {
  readonly #level: LogLevel;
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  readonly #kinds = new Map<string, Kind>();

  constructor(options: { level: LogLevel; clock: Clock; write: (line: string) => void }) {
    this.#level = options.level;
    this.#clock = options.clock;
    this.#write = options.write;
  }

  /** A line that is not about a request, such as a reload. */
  tell(text: string): void {
    if (this.#level !== 'off') this.#line(text);
  }

  /** A request has ended. */
  answered(answered: AnsweredRequest): void {
    if (this.#level === 'off') return;
    for (const [kind, text] of problemsOf(answered)) this.#problem(kind, text);
    if (this.#level === 'requests') this.#line(requestText(answered));
  }

  #problem(kind: string, text: string): void {
    const nowMs = this.#clock.nowMs();
    const known = this.#kinds.get(kind);
    if (known && nowMs - known.toldMs < REPEAT_AFTER_MS) {
      known.count += 1;
      return;
    }
    const before = known && known.count > 0 ? ` (and ${known.count} times since it was last told)` : '';
    this.#kinds.delete(kind);
    this.#kinds.set(kind, { toldMs: nowMs, count: 0 });
    if (this.#kinds.size > MAX_KINDS) this.#kinds.delete(this.#kinds.keys().next().value!);
    this.#line(`${text}${before}`);
  }

  #line(text: string): void {
    const time = new Date(this.#clock.wallMs()).toISOString().slice(11, 19);
    this.#write(`${time} ${text}\n`);
  }
}

/** The model that answered, or what became of the request. */
function resultText({ outcome, error, trace }: AnsweredRequest): string {
  const winner = trace?.attempts?.find((attempt) => attempt.outcome === 'won');
  if (outcome === 'failed') return `failed (${error ?? 'unknown'})`;
  if (outcome === 'cancelled') return 'left by its client';
  return winner ? `answered by ${winner.provider} ${winner.model}` : 'answered';
}

function requestText(answered: AnsweredRequest): string {
  const { route, dialect, status, receivedMs, answeredMs, endedMs, trace } = answered;
  const first = answeredMs === undefined ? '' : `, first byte after ${seconds(answeredMs - receivedMs)}`;
  const sent = trace && trace.requests > 1 ? `, ${trace.requests} requests sent` : '';
  return `${route ?? '(no route)'} ${dialect} ${status ?? '-'}: ${resultText(answered)}${first}, ended after ${seconds(endedMs - receivedMs)}${sent}`;
}

/** What went wrong with a request, each with the kind by which it is counted. */
function problemsOf(answered: AnsweredRequest): [kind: string, text: string][] {
  const { route, error, outcome, trace } = answered;
  const problems = (trace?.attempts ?? [])
    .filter((attempt) => attempt.outcome === 'failed')
    .map(({ provider, model, error: code = 'unknown' }): [string, string] => [
      `${route} ${provider} ${model} ${code}`,
      `route ${route}: ${provider} ${model} failed (${code}); the request was ${resultText(answered)}`,
    ]);
  // Of requests that were refused, only those that the operator can do something about.
  const isClients = trace === undefined && error !== 'rate_limited' && error !== 'internal';
  if (outcome === 'failed' && problems.length === 0 && !isClients) {
    const name = route ?? '(no route)';
    problems.push([
      `${name} ${error}`,
      `route ${name}: a request failed (${error}), status ${answered.status}`,
    ]);
  }
  return problems;
}
