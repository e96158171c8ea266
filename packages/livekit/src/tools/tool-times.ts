import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ascending, percentile } from '@firstword/turn/statistics';
import { cacheDir } from '@firstword/turn/store';
import { getJobContext } from '@livekit/agents';

/** How long a tool usually takes, over its newest runs, ms. */
export interface UsualToolTime {
  runs: number;
  fastestMs: number;
  medianMs: number;
}

/** Newest runs of a tool that count. */
const MOST_RUNS = 20;
/** Only the end of the file is read, bytes: about a thousand runs. */
const MAX_READ = 64 * 1024;
/** Longest tool that counts, ms: what takes longer was waiting for something else. */
const MAX_TOOL_MS = 600_000;

/** How long each tool takes, learned from this call and, with a file, from earlier ones of any process on this machine. */
export class ToolTimes {
  readonly #runsMs = new Map<string, number[]>();
  readonly #path: string | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param path file to which each run is appended: the name of the tool and its duration. Default: no file */
  constructor(path?: string) {
    this.#path = path;
  }

  /** Adds the runs of the file. A file that is missing or damaged adds none. */
  async load(): Promise<void> {
    if (this.#path === undefined) return;
    const text = await endOf(this.#path).catch(() => '');
    for (const line of text.split('\n')) {
      const run = parse(line);
      if (run) this.#keep(run.tool, run.ms);
    }
  }

  /** Adds a run. What cannot be written to the file is lost to later calls. */
  add(tool: string, ms: number): void {
    if (!(ms >= 0 && ms <= MAX_TOOL_MS)) return;
    this.#keep(tool, ms);
    const path = this.#path;
    if (path === undefined) return;
    const line = `${JSON.stringify({ tool, ms: Math.round(ms) })}\n`;
    this.#writing = this.#writing.then(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await appendFile(path, line, { mode: 0o600 });
    });
    this.#writing = this.#writing.catch(() => {});
  }

  /** `undefined` for a tool that has not been run. */
  usual(tool: string): UsualToolTime | undefined {
    const runsMs = this.#runsMs.get(tool);
    if (!runsMs) return undefined;
    const sorted = ascending(runsMs);
    return { runs: sorted.length, fastestMs: sorted[0]!, medianMs: percentile(sorted, 50) };
  }

  /** Resolves when all runs have been written. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  #keep(tool: string, ms: number): void {
    const runsMs = this.#runsMs.get(tool) ?? [];
    this.#runsMs.set(tool, runsMs);
    runsMs.push(ms);
    if (runsMs.length > MOST_RUNS) runsMs.shift();
  }
}

let shared: ToolTimes | undefined;

/**
 * The times of this process's calls. LiveKit runs each job in a process of its own: there, those of earlier jobs are in the cache
 * folder.
 */
export function sharedToolTimes(): ToolTimes {
  if (!shared) {
    shared = new ToolTimes(getJobContext(false) ? join(cacheDir(), 'tool-times.jsonl') : undefined);
    void shared.load();
  }
  return shared;
}

async function endOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MAX_READ);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString('utf8', 0, bytesRead);
    // The first line may be incomplete.
    return size > length ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await file.close();
  }
}

function parse(line: string): { tool: string; ms: number } | undefined {
  try {
    const run: unknown = JSON.parse(line);
    if (typeof run !== 'object' || run === null || !('tool' in run) || !('ms' in run)) return undefined;
    const { tool, ms } = run;
    return typeof tool === 'string' && typeof ms === 'number' && ms >= 0 && ms <= MAX_TOOL_MS
      ? { tool, ms }
      : undefined;
  } catch {
    return undefined;
  }
}
