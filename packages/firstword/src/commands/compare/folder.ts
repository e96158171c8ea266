import { mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import type { ComparisonSummary } from './screen.js';

/** Where a comparison's files go: a folder that is kept, or one that is gone at its end. */
export interface CompareFolder {
  path: string;
  kept: boolean;
  /** Keeps what there is so far, should the process not live to `write`; what cannot be kept is told by `write`. */
  keep(partial: () => ComparisonSummary): void;
  write(summary: ComparisonSummary): Promise<void>;
  close(): Promise<void>;
}

class KeptFolder implements CompareFolder {
  readonly path: string;
  readonly kept = true;
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  keep(partial: () => ComparisonSummary): void {
    const summary = partial();
    this.#tail = this.#tail.then(() => this.#put(summary)).catch(() => {});
  }

  async write(summary: ComparisonSummary): Promise<void> {
    await this.#tail;
    await this.#put(summary);
  }

  async close(): Promise<void> {
    await this.#tail;
  }

  /** Never half a file: it is whole before it has its name. */
  async #put(summary: ComparisonSummary): Promise<void> {
    const file = join(this.path, 'comparison.json');
    try {
      await writeFile(`${file}.part`, `${JSON.stringify(summary, null, 2)}\n`);
      await rename(`${file}.part`, file);
    } catch (cause) {
      const message = `the comparison could not be written to ${file}: free some space there`;
      throw new FirstwordError('unwritable', message, { cause });
    }
  }
}

/** @throws FirstwordError `unwritable` */
export async function openFolder(out: string | undefined): Promise<CompareFolder> {
  if (out === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'firstword-compare-'));
    return {
      path,
      kept: false,
      keep: () => {},
      write: async () => {},
      close: () => rm(path, { recursive: true, force: true }),
    };
  }
  const path = resolve(out);
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const message = `the comparison cannot be kept in ${path}: choose a folder that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
  return new KeptFolder(path);
}
