import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
/** A file that cannot be rewritten keeps growing. Only its end is read, bytes. */
const MAX_READ = 16_000_000;
/** A line may be dated this much later than now: times are rounded, and clocks are set back a little, ms. */
const CLOCK_STEP_MS = 1_000;
const PRIVATE = { mode: 0o600 };

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
 * reads the file once, when it starts. The file contains no conversation text. Lines that are damaged, too old or dated in
 * the future are ignored; a line that cannot be written after the file has been opened is lost, and no answer waits for it.
 * `process.exit()` loses no line; a signal without a handler loses the last one.
 * @throws FirstwordError `unwritable` where the file cannot be opened
 */
export function latencyFile(path: string, options: LatencyFileOptions = {}): LatencyMemory {
  const { maxAgeMs = DAY_MS, maxBytes = 2_000_000, clock = systemClock } = options;
  const nowMs = clock.wallMs();
  const known = open(path, { sinceMs: nowMs - maxAgeMs, untilMs: nowMs + CLOCK_STEP_MS, maxBytes });
  const unwritten: string[] = [];
  let isWriting = false;
  /** Writes what has come by now in one piece, then what has come meanwhile. */
  const write = async () => {
    isWriting = true;
    while (unwritten.length > 0) {
      const count = unwritten.length;
      await appendFile(path, unwritten.join(''), PRIVATE).catch(() => {});
      unwritten.splice(0, count);
    }
    pending.delete(unwritten);
    isWriting = false;
  };
  return {
    load: (model) => (known.get(model) ?? []).map(toObservation),
    append: (model, seen) => {
      unwritten.push(`${JSON.stringify(toLine(model, seen, clock.wallMs()))}\n`);
      pending.set(unwritten, path);
      writeAtExit();
      if (!isWriting) void write();
    },
  };
}

/** The files with lines that are not written yet, by the list of those lines. */
const pending = new Map<readonly string[], string>();
let willWriteAtExit = false;

/** `process.exit()` does not wait for a write that has started, so what is not in the file by then is written again. */
function writeAtExit(): void {
  if (willWriteAtExit) return;
  willWriteAtExit = true;
  process.once('exit', () => {
    for (const [lines, path] of pending) {
      try {
        const written = readEnd(path, 100_000).text;
        appendFileSync(path, lines.filter((line) => !written.includes(line)).join(''), PRIVATE);
      } catch {
        // As for any other line that cannot be written.
      }
    }
  });
}

/** The end of a file, from the first whole line. */
function readEnd(path: string, maxBytes: number): { text: string; size: number } {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, maxBytes));
    const length = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, length);
    return { text: size > maxBytes ? text.slice(text.indexOf('\n') + 1) : text, size };
  } finally {
    closeSync(fd);
  }
}

/** The newest lines of each model. */
function open(
  path: string,
  options: { sinceMs: number; untilMs: number; maxBytes: number },
): Map<string, Line[]> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, '', PRIVATE);
    const { text, size } = readEnd(path, Math.max(MAX_READ, options.maxBytes));
    const lines = text.split('\n').flatMap((line) => parse(line) ?? []);
    const byModel = new Map<string, Line[]>();
    for (const line of lines) {
      if (line.at < options.sinceMs || line.at > options.untilMs) continue;
      const known = byModel.get(line.model);
      if (known) known.push(line);
      else byModel.set(line.model, [line]);
    }
    for (const known of byModel.values()) known.splice(0, known.length - WINDOW_SIZE);
    if (size > options.maxBytes) rewrite(path, [...byModel.values()].flat());
    return byModel;
  } catch (cause) {
    const message = `latencies cannot be stored in ${path}: choose a file that you can write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

/**
 * Replaces the file in one step, so it is never incomplete. Lines that other processes append at the same time may be
 * lost. Where that is impossible, such as on a full disk, the file stays as it is: its lines are just as good.
 */
function rewrite(path: string, lines: readonly Line[]): void {
  const aside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(aside, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), PRIVATE);
    renameSync(aside, path);
  } catch {
    try {
      rmSync(aside, { force: true });
    } catch {
      // Then it is nothing that was written here.
    }
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
