import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import { type LatencyObservation, WINDOW_SIZE } from '../policy/latency/window.js';
import type { LatencyMemory } from './latency-memory.js';

export interface LatencyFileOptions {
  /** What is older is not believed any more, ms; default 24 hours. */
  maxAgeMs?: number;
  /** A file that has grown to this is cut to what is still of use as it is opened, bytes; default 2 MB, some 20,000 requests. */
  maxBytes?: number;
  clock?: Clock;
}

const DAY_MS = 86_400_000;

/** One request, as a line of the file. What is usual is left out. */
interface Line {
  /** Wall clock, ms. */
  at: number;
  model: string;
  ms: number;
  /** `lost`: beaten in a fair race; `left`: beaten by one that began later; `gone`: its caller went away. Else it answered. */
  end?: 'lost' | 'left' | 'gone';
  second?: true;
  unawaited?: true;
  head?: number;
}

/**
 * Times of models in a file that any number of processes may share: each appends a line a request, and reads what there
 * is as it begins. There are no words in it. What cannot be read, is damaged or too old is left out; what cannot be
 * written once the file has been opened is lost, and no answer waits for it.
 *
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
    const message = `the times of the models cannot be kept in ${path}: choose a file that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

/** Never half a file; what other processes append meanwhile may be lost. */
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

/** `undefined` for what no line of ours is: one that was cut off by a death, or somebody else's. */
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
