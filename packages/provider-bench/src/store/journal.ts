import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { ResourceUse } from '../budget/budget.js';
import { headerSchema, type RunHeader, usedSchema } from '../run-file.js';
import { type BenchSample, sampleSchema } from '../sample.js';

/** The journal of a run: the file that holds its samples until the run is complete. */
export const journalPath = (file: string): string => `${file}.part`;

/** Writes the samples of a run as they arrive, one line each, so that a crash loses only the requests in flight. */
export interface Journal {
  /** @param used by the whole run so far, including the maximum of the requests in flight */
  add(sample: BenchSample, used: ResourceUse): void;
  /** @throws FirstwordError `unwritable` where a sample could not be written */
  close(): Promise<void>;
}

/** The contents of the journal of an incomplete run. */
export interface JournalContents {
  header: RunHeader;
  samples: BenchSample[];
  /** Absent where the run was killed before its first answer. */
  used?: ResourceUse;
}

function unwritable(path: string, cause: unknown): FirstwordError {
  const message = `the samples cannot be written to ${path}: choose another file with --out, or free some disk space`;
  return new FirstwordError('unwritable', message, { cause });
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const usedLineSchema = z.strictObject({ used: usedSchema });

function opened(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('open', () => {
      stream.off('error', reject);
      resolve(stream);
    });
  });
}

/** Creates the journal atomically: an existing one stays intact until the new one is complete. */
async function begun(path: string, lines: readonly unknown[]): Promise<WriteStream> {
  const next = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(next, lines.map(line).join(''), { mode: 0o600 });
    await rename(next, path);
    return await opened(path);
  } catch (cause) {
    await rm(next, { force: true }).catch(() => {});
    throw unwritable(path, cause);
  }
}

/**
 * Creates a journal, replacing an existing one.
 * @param options.samples samples of earlier parts of the same run
 * @param options.used used by those parts
 * @param options.onFailure called once, when a sample cannot be written (for example, the disk is full)
 * @throws FirstwordError `unwritable`
 */
export async function openJournal(
  path: string,
  options: {
    header: RunHeader;
    samples: readonly BenchSample[];
    used?: ResourceUse;
    onFailure?: (error: FirstwordError) => void;
  },
): Promise<Journal> {
  const { header, samples, used, onFailure } = options;
  const stream = await begun(path, [header, ...samples, ...(used ? [{ used }] : [])]);
  let failure: FirstwordError | undefined;
  stream.on('error', (error) => {
    if (failure) return;
    failure = unwritable(path, error);
    onFailure?.(failure);
  });
  return {
    add: (sample, usedSoFar) => void stream.write(`${line(sample)}${line({ used: usedSoFar })}`),
    close: async () => {
      await new Promise<void>((resolve) => {
        stream.once('close', resolve);
        stream.end();
        if (stream.closed) resolve();
      });
      if (failure) throw failure;
    },
  };
}

/**
 * Reads the journal of an incomplete run; `undefined` where there is none.
 * @throws FirstwordError `record_invalid` where its first line is not a run header
 */
export async function readJournal(path: string): Promise<JournalContents | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [first, ...lines] = text.split('\n').map(jsonOf);
  const header = headerSchema.safeParse(first);
  if (!header.success) {
    throw new FirstwordError('record_invalid', `${path} is not a journal of firstword bench: measure again.`);
  }
  // The last line may be truncated, where the process was killed while writing it.
  const samples = lines.flatMap((one) => sampleSchema.safeParse(one).data ?? []);
  const used = lines.flatMap((one) => usedLineSchema.safeParse(one).data?.used ?? []).at(-1);
  return { header: header.data, samples, ...(used ? { used } : {}) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Deletes the journal of a run once the run file is complete. */
export const deleteJournal = (file: string): Promise<void> => rm(journalPath(file), { force: true });
