import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import { WINDOW_SIZE } from '../policy/latency/window.js';
import { FileTail, readEnd } from './file-tail.js';
import { MemoryHub } from './memory-hub.js';
import { processName, receive } from './receive.js';
import { healthRecord, parseRecord, type StoredRecord, timeRecord } from './record.js';
import type { RouterMemory } from './router-memory.js';

/** Options of `latencyFile`. */
export interface LatencyFileOptions {
  /** Older observations are ignored, ms; default 24 hours. */
  maxAgeMs?: number;
  /**
   * A larger file is rewritten with only the useful lines when it is opened, bytes; default 2,000,000, about 20,000
   * requests.
   */
  maxBytes?: number;
  /** How often the file is read for what other processes have written, ms; default 500. */
  pollMs?: number;
  /** Clock for the age of observations; default the system's. */
  clock?: Clock;
}

const DAY_MS = 86_400_000;
/** A file that cannot be rewritten keeps growing. Only its end is read, bytes. */
const MAX_READ = 16_000_000;
const PRIVATE = { mode: 0o600 };

/**
 * Shares what routers learn between the processes of one machine, through a file. Each process appends one line a request,
 * and one when a breaker opens or a rate limit is exhausted; it reads the file when it starts, and then what the others
 * append. The file contains no conversation text. Lines that are damaged, of another version, too old or dated in the future
 * are ignored; a line that cannot be written after the file has been opened is lost, and no answer waits for it.
 * `process.exit()` loses no line; a signal without a handler loses the last one.
 * @throws FirstwordError `unwritable` where the file cannot be opened
 */
export function latencyFile(path: string, options: LatencyFileOptions = {}): Required<RouterMemory> {
  const { maxAgeMs = DAY_MS, maxBytes = 2_000_000, pollMs = 500, clock = systemClock } = options;
  const by = processName();
  const hub = new MemoryHub(clock);
  const take = (records: readonly StoredRecord[]) => receive(hub, records, { by, maxAgeMs, clock });
  const { records, size } = open(path, { sinceMs: clock.wallMs() - maxAgeMs, maxBytes });
  take(records);
  const tail = new FileTail({ path, from: size, pollMs, onLines: (lines) => take(parseAll(lines)) });
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
  const append = (line: string) => {
    unwritten.push(`${line}\n`);
    pending.set(unwritten, path);
    writeAtExit();
    if (!isWriting) void write();
  };
  return {
    load: (model) => hub.times(model),
    append: (model, seen, follower) => {
      hub.addTimes(model, [seen], follower);
      append(timeRecord({ at: clock.wallMs(), model, by }, seen));
    },
    report: (model, news, follower) => {
      hub.addNews(model, news, follower ? { by: follower } : {});
      append(healthRecord({ at: clock.wallMs(), model, by }, news));
    },
    follow: (model, follower) => {
      const unfollow = hub.follow(model, follower);
      const release = tail.hold();
      return () => {
        unfollow();
        release();
      };
    },
    ready: async () => {},
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

const parseAll = (lines: readonly string[]) => lines.flatMap((line) => parseRecord(line) ?? []);

/** The newest records of each model, and the size of the file. */
function open(
  path: string,
  options: { sinceMs: number; maxBytes: number },
): { records: StoredRecord[]; size: number } {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, '', PRIVATE);
    const { text, size } = readEnd(path, Math.max(MAX_READ, options.maxBytes));
    const records = newest(parseAll(text.split('\n')).filter(({ at }) => at >= options.sinceMs));
    return { records, size: size > options.maxBytes ? rewrite(path, records, size) : size };
  } catch (cause) {
    const message = `latencies cannot be stored in ${path}: choose a file that you can write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

/** Of each model as many records as a router uses. */
function newest(records: readonly StoredRecord[]): StoredRecord[] {
  const byModel = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const known = byModel.get(record.model);
    if (known) known.push(record);
    else byModel.set(record.model, [record]);
  }
  for (const known of byModel.values()) known.splice(0, known.length - WINDOW_SIZE);
  return [...byModel.values()].flat();
}

/**
 * Replaces the file in one step, so it is never incomplete. Lines that other processes append at the same time may be
 * lost. Where that is impossible, such as on a full disk, the file stays as it is: its lines are just as good.
 * @returns the size of the file
 */
function rewrite(path: string, records: readonly StoredRecord[], size: number): number {
  const aside = `${path}.${process.pid}.part`;
  const text = records.map((record) => `${record.text}\n`).join('');
  try {
    writeFileSync(aside, text, PRIVATE);
    renameSync(aside, path);
    return Buffer.byteLength(text);
  } catch {
    try {
      rmSync(aside, { force: true });
    } catch {
      // Then it is nothing that was written here.
    }
    return size;
  }
}
