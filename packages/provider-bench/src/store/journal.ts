import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { ResourceUse } from '../budget/budget.js';
import { headerSchema, type RunHeader, usedSchema } from '../run-file.js';
import { type BenchSample, sampleSchema } from '../sample.js';

/** Where a run that goes to `file` keeps its samples until it is over. */
export const journalPath = (file: string): string => `${file}.part`;

/** The samples of a run under way, a line each, so that a crash loses little more than what was under way. */
export interface Journal {
  /** @param used by the whole run so far, and what the requests under way may still use */
  add(sample: BenchSample, used: ResourceUse): void;
  /** @throws FirstwordError `unwritable` where some of it could not be kept */
  close(): Promise<void>;
}

/** What a journal holds of a run that never ended. */
export interface JournalContents {
  header: RunHeader;
  samples: BenchSample[];
  /** Absent where the run was killed before its first answer. */
  used?: ResourceUse;
}

function unwritable(path: string, cause: unknown): FirstwordError {
  const message = `the samples cannot be kept in ${path}: choose another place with --out, or free some space`;
  return new FirstwordError('unwritable', message, { cause });
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const usedLineSchema = z.strictObject({ used: usedSchema });

function opened(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags: 'a' });
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('open', () => {
      stream.off('error', reject);
      resolve(stream);
    });
  });
}

/** What was there before is whole until this is. */
async function begun(path: string, lines: readonly unknown[]): Promise<WriteStream> {
  const next = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(next, lines.map(line).join(''));
    await rename(next, path);
    return await opened(path);
  } catch (cause) {
    await rm(next, { force: true }).catch(() => {});
    throw unwritable(path, cause);
  }
}

/**
 * Begins a journal in place of what was there before.
 * @param options.samples of earlier parts of the same run, and what they used
 * @param options.onFailure called once, as soon as something cannot be kept: a disk is full
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
 * What a run that never ended has left; `undefined` where there is no journal.
 * @throws FirstwordError `record_invalid` where its first line is none of ours
 */
export async function readJournal(path: string): Promise<JournalContents | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [first, ...lines] = text.split('\n').map(jsonOf);
  const header = headerSchema.safeParse(first);
  if (!header.success) {
    throw new FirstwordError('record_invalid', `${path} is no journal of firstword bench: measure again.`);
  }
  // The last line may be half a line: the process was killed while it wrote it.
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

/** A run that is whole in its file needs its journal no more. */
export const deleteJournal = (file: string): Promise<void> => rm(journalPath(file), { force: true });
