import { open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { FirstwordError } from '@firstword/turn';

const DAY_MS = 86_400_000;
const RECORDS = /\.jsonl(?:\.gz)?$/;
const TAPE = /\.wav(?:\.gz)?$/;
/** How the first line of a file of records begins: a turn's, or the call's, which comes first if its greeting was recorded. */
const RECORD_START = /^\{"schema":"firstword\.(?:turn|call)\//;
/** Enough of a gzip file to contain that beginning. */
const HEAD_BYTES = 1024;
/** The call ids of Firstword's own commands and of LiveKit's jobs. */
const OWN_CALL = /^(?:(?:call|demo|mic|sample)-\d{14,17}(?:-[\w-]+)?|AJ_\w+)$/;

/** Options of `removeOldCalls`. */
export interface RetentionOptions {
  /** Folder of the calls, with all its subfolders. */
  dir: string;
  /** Files whose last write is older than this are removed, days; at least 1. */
  keepDays: number;
  /** Wall time now, Unix ms. */
  nowMs?: number;
}

/** Whether a file begins with a record; false where it cannot be read. */
async function hasRecords(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => undefined);
  if (!handle) return false;
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, HEAD_BYTES, 0);
    const head = bytes.subarray(0, bytesRead);
    const text = path.endsWith('.gz') ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
    return RECORD_START.test(text.toString('latin1'));
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/** Whether a file is one that Firstword wrote: records by their content, a tape by its name or the records beside it. */
async function isOwn(dir: string, name: string, beside: ReadonlySet<string>): Promise<boolean> {
  const callId = name.replace(RECORDS, '').replace(TAPE, '');
  const path = join(dir, name);
  if (RECORDS.test(name)) {
    // A call without turns leaves an empty file.
    return (await hasRecords(path)) || (OWN_CALL.test(callId) && (await stat(path)).size === 0);
  }
  if (!TAPE.test(name)) return false;
  if (OWN_CALL.test(callId)) return true;
  for (const records of [`${callId}.jsonl`, `${callId}.jsonl.gz`])
    if (beside.has(records) && (await hasRecords(join(dir, records)))) return true;
  return false;
}

async function filesByFolder(dir: string): Promise<Map<string, Set<string>>> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new FirstwordError('unwritable', `${dir} cannot be read (${error.code})`, { cause: error });
    },
  );
  const folders = new Map<string, Set<string>>();
  for (const { name, parentPath } of entries.filter((entry) => entry.isFile())) {
    const names = folders.get(parentPath) ?? new Set();
    folders.set(parentPath, names.add(name));
  }
  return folders;
}

/**
 * Removes the records and tapes that are older than `keepDays`, in all subfolders, packed ones (`.gz`) too. Only files that
 * Firstword wrote are removed: records of turns and calls by their first line, and tapes with the name of a call or with the records of
 * the same name beside them. A file that cannot be removed stays and is counted in the error.
 * @throws FirstwordError `bad_input` for less than a day; `unwritable` where files could not be removed
 */
export async function removeOldCalls(options: RetentionOptions): Promise<{ removed: number }> {
  const { dir, keepDays, nowMs = Date.now() } = options;
  if (!(keepDays >= 1)) throw new FirstwordError('bad_input', 'keep calls for at least one day');
  const isOld = async (path: string) => nowMs - (await stat(path)).mtimeMs >= keepDays * DAY_MS;
  let removed = 0;
  let stuck = 0;
  for (const [folder, names] of await filesByFolder(dir)) {
    // Tapes first: their records show that they are Firstword's.
    const tapesFirst = [...names].sort((a, b) => Number(TAPE.test(b)) - Number(TAPE.test(a)));
    for (const name of tapesFirst.filter((one) => TAPE.test(one) || RECORDS.test(one))) {
      const path = join(folder, name);
      try {
        if (!(await isOld(path)) || !(await isOwn(folder, name, names))) continue;
        await unlink(path);
        removed += 1;
      } catch {
        stuck += 1;
      }
    }
  }
  if (stuck > 0) {
    const message = `${stuck} of the calls in ${dir} that are older than ${keepDays} days could not be removed: remove them by hand, or see who owns them`;
    throw new FirstwordError('unwritable', message);
  }
  return { removed };
}
