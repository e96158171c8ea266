import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import type { ComparisonSummary } from './screen.js';

/** Where a comparison's files go: a folder that is kept, or one that is gone at its end. */
export interface CompareFolder {
  path: string;
  kept: boolean;
  write(summary: ComparisonSummary): Promise<void>;
  close(): Promise<void>;
}

/** @throws FirstwordError `unwritable` */
export async function openFolder(out: string | undefined): Promise<CompareFolder> {
  if (out === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'firstword-compare-'));
    return {
      path,
      kept: false,
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
  return {
    path,
    kept: true,
    write: (summary) => writeFile(join(path, 'comparison.json'), `${JSON.stringify(summary, null, 2)}\n`),
    close: async () => {},
  };
}
