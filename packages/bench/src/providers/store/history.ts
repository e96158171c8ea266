import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FirstwordError, isFirstwordError } from '@firstword/turn';
import type { RunFile } from '../run-file.js';
import { readRun } from './run-store.js';

/** A history is a folder with a file for each run, named after its start: `2026-11-24T13-05-00Z.json`. */
export function historyName(startedAt: string): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '-')}Z.json`;
}

/**
 * The runs of a history, oldest first.
 * @param options.onBad told of each file that is no run; the others are read
 * @throws FirstwordError `bad_input` where there is no such folder
 */
export async function readHistory(
  folder: string,
  options: { onBad: (file: string, error: FirstwordError) => void },
): Promise<RunFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new FirstwordError('bad_input', `there is no history at ${folder}: check the path`, { cause });
  });
  const runs: RunFile[] = [];
  for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
    const file = join(folder, name);
    try {
      runs.push(await readRun(file));
    } catch (error) {
      if (!isFirstwordError(error)) throw error;
      options.onBad(file, error);
    }
  }
  return runs.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}
