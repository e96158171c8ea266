import { mkdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { temporaryDir } from '@firstword/turn/store';
import type { ComparisonSummary } from './screen.js';

/** Folder of a comparison's files: the user's `--out`, or a temporary one that is removed at the end. */
export interface OutputDir {
  path: string;
  isPersistent: boolean;
  /** Saves a partial summary in case the process ends before `write`. Errors are ignored here and thrown by `write`. */
  savePartial(partial: () => ComparisonSummary): void;
  /**
   * Writes comparison.json.
   * @throws FirstwordError `unwritable`
   */
  write(summary: ComparisonSummary): Promise<void>;
  /** Waits for pending writes, or removes the temporary folder. */
  close(): Promise<void>;
}

class PersistentOutputDir implements OutputDir {
  readonly path: string;
  readonly isPersistent = true;
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  savePartial(partial: () => ComparisonSummary): void {
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

  /** Writes to a temporary name and renames, so that comparison.json is never incomplete. */
  async #put(summary: ComparisonSummary): Promise<void> {
    const file = join(this.path, 'comparison.json');
    try {
      await writeFile(`${file}.part`, `${JSON.stringify(summary, null, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.part`, file);
    } catch (cause) {
      const message = `the comparison could not be written to ${file}: check the free disk space`;
      throw new FirstwordError('unwritable', message, { cause });
    }
  }
}

/**
 * Opens `out`, or a temporary folder if it is undefined.
 * @throws FirstwordError `unwritable`
 */
export async function openOutputDir(out: string | undefined): Promise<OutputDir> {
  if (out === undefined) {
    const path = await temporaryDir({ purpose: 'compare' });
    return {
      path,
      isPersistent: false,
      savePartial: () => {},
      write: async () => {},
      close: () => rm(path, { recursive: true, force: true }),
    };
  }
  const path = resolve(out);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `the comparison cannot be written to ${path}: choose a folder that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
  return new PersistentOutputDir(path);
}
