import { readdir, stat, unlink } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FirstwordError } from '@firstword/turn';

const DAY_MS = 86_400_000;
/** Extensions of a call's files: records and tapes. */
const OURS = new Set(['.jsonl', '.wav']);

/** Options of `removeOldCalls`. */
export interface RetentionOptions {
  /** Folder of the records; subfolders are not touched. */
  dir: string;
  /** Files whose last write is older than this are removed, days; at least 1. */
  keepDays: number;
  /** Wall time now, Unix ms. */
  nowMs?: number;
}

/**
 * Removes records and tapes that are older than `keepDays`. Files of other kinds stay. A file that
 * cannot be removed stays and is counted in the error.
 * @throws FirstwordError `bad_input` for less than a day; `unwritable` where files could not be removed
 */
export async function removeOldCalls(options: RetentionOptions): Promise<{ removed: number }> {
  const { dir, keepDays, nowMs = Date.now() } = options;
  if (!(keepDays >= 1)) throw new FirstwordError('bad_input', 'keep calls for at least one day');
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new FirstwordError('unwritable', `${dir} cannot be read (${error.code})`, { cause: error });
  });
  let removed = 0;
  const stuck: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !OURS.has(extname(entry.name))) continue;
    const path = join(dir, entry.name);
    try {
      if (nowMs - (await stat(path)).mtimeMs < keepDays * DAY_MS) continue;
      await unlink(path);
      removed += 1;
    } catch {
      stuck.push(entry.name);
    }
  }
  if (stuck.length > 0) {
    const message = `${stuck.length} of the calls in ${dir} that are older than ${keepDays} days could not be removed: remove them by hand, or see who owns them`;
    throw new FirstwordError('unwritable', message);
  }
  return { removed };
}
