import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import { type LatencyObservation, WINDOW_SIZE } from '../policy/latency/window.js';
import type { LatencyMemory } from './latency-memory.js';

/** Options of `latencyFile`. */
export interface LatencyFileOptions {
  /** Older observations are ignored, ms; default 24 hours. */
  maxAgeMs?: number;
  /**
   * A larger file is rewritten with only the useful lines when it is opened, bytes; default 2,000,000, about 20,000
   * requests.
   */
  maxBytes?: number;
  /** Clock for the age of observations; default the system's. */
  clock?: Clock;
}

const DAY_MS = 86_400_000;

/** One request, as a line of the file. Default values are omitted. */
interface Line {
  /** Unix time, ms. */
  at: number;
  model: string;
  /** Time to first content or, if it was cancelled, until then, ms. */
  ms: number;
  /**
   * `lost`: lost a fair race. `left`: lost to a request that had started earlier. `gone`: cancelled by its caller.
   * Absent: it answered.
   */
  end?: 'lost' | 'left' | 'gone';
  /** A duplicate request to the same model. */
  second?: true;
  /** No caller ever waited for it. */
  unawaited?: true;
  /** The caller's wait before the request, ms. */
  head?: number;
}

/**
 * Stores latencies in a file that any number of processes can share. Each process appends one line a request and
 * reads the file once, when it starts. The file contains no conversation text. Lines that are damaged or too old are
 * ignored; a line that cannot be written after the file has been opened is lost, and no answer waits for it.
 * @throws FirstwordError `unwritable` where the file cannot be opened
 */
export function latencyFile(path: string, options: LatencyFileOptions = {}): LatencyMemory {
  const { maxAgeMs = DAY_MS, maxBytes = 2_000_000, clock = systemClock } = options;
  const known = open(path, { sinceMs: clock.wallMs() - maxAgeMs, maxBytes });
  let writing: Promise<void> = Promise.resolve();
  return {
    load: (model) => (known.get(model) ?? []).map(toObservation),
    append: (model, seen) => {
      const text = `${JSON.stringify(toLine(model, seen, clock.wallMs()))}\n`;
      writing = writing.then(() => appendFile(path, text)).catch(() => {});
    },
  };
}

/** The newest lines of each model. */
function open(path: string, options: { sinceMs: number; maxBytes: number }): Map<string, Line[]> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, '');
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n').flatMap((line) => parse(line) ?? []);
    const byModel = new Map<string, Line[]>();
    for (const line of lines) {
      if (line.at < options.sinceMs) continue;
      const known = byModel.get(line.model);
      if (known) known.push(line);
      else byModel.set(line.model, [line]);
    }
    for (const known of byModel.values()) known.splice(0, known.length - WINDOW_SIZE);
    if (Buffer.byteLength(text) > options.maxBytes) rewrite(path, [...byModel.values()].flat());
    return byModel;
  } catch (cause) {
    const message = `latencies cannot be stored in ${path}: choose a file that you can write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

/**
 * Replaces the file in one step, so it is never incomplete. Lines that other processes append at the same time may be
 * lost.
 */
function rewrite(path: string, lines: readonly Line[]): void {
  const aside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(aside, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** `undefined` for a line that is truncated or was not written by `latencyFile`. */
function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const { at, model, ms, head = 0 } = line;
    return isTime(at) && typeof model === 'string' && isTime(ms) && ms >= 0 && isTime(head)
      ? (line as Line)
      : undefined;
  } catch {
    return undefined;
  }
}

function toLine(
  model: string,
  { ms, censored, informative, lostRace, context }: LatencyObservation,
  at: number,
): Line {
  const end = !censored ? undefined : informative ? 'lost' : lostRace ? 'left' : 'gone';
  return {
    at: Math.round(at),
    model,
    ms: Math.round(ms),
    ...(end ? { end } : {}),
    ...(context.duplicate ? { second: true } : {}),
    ...(context.awaited === false ? { unawaited: true } : {}),
    ...(context.priorWaitMs ? { head: Math.round(context.priorWaitMs) } : {}),
  };
}

function toObservation({ ms, end, second, unawaited, head }: Line): LatencyObservation {
  return {
    ms,
    censored: end !== undefined,
    informative: end === undefined || end === 'lost',
    lostRace: end === 'lost' || end === 'left',
    context: {
      ...(second ? { duplicate: second } : {}),
      ...(unawaited ? { awaited: false } : {}),
      ...(head === undefined ? {} : { priorWaitMs: head }),
    },
  };
}
