import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { headerSchema, type RunHeader } from '../run-file.js';
import { type Sample, sampleSchema } from '../sample.js';

/** Where a run that goes to `file` keeps its samples until it is over. */
export const journalOf = (file: string): string => `${file}.part`;

/** The samples of a run under way, a line each, so that a crash loses at most the last. */
export interface Journal {
  add(sample: Sample): void;
  /** @throws FirstwordError `unwritable` where some of it could not be kept */
  close(): Promise<void>;
}

function unwritable(path: string, cause: unknown): FirstwordError {
  const message = `the samples cannot be kept in ${path}: choose another place with --out, or free some space`;
  return new FirstwordError('unwritable', message, { cause });
}

function opened(path: string, flags: 'w' | 'a'): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags });
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('open', () => {
      stream.off('error', reject);
      resolve(stream);
    });
  });
}

/**
 * Begins a journal, whatever was there before.
 * @param samples of earlier parts of the same run
 * @throws FirstwordError `unwritable`
 */
export async function openJournal(
  path: string,
  options: { header: RunHeader; samples: readonly Sample[] },
): Promise<Journal> {
  let stream: WriteStream;
  try {
    await mkdir(dirname(path), { recursive: true });
    stream = await opened(path, 'w');
  } catch (cause) {
    throw unwritable(path, cause);
  }
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure ??= error;
  });
  const put = (line: unknown) => void stream.write(`${JSON.stringify(line)}\n`);
  put(options.header);
  for (const sample of options.samples) put(sample);
  return {
    add: put,
    close: async () => {
      await new Promise<void>((resolve) => {
        stream.once('close', resolve);
        stream.end();
      });
      if (failure) throw unwritable(path, failure);
    },
  };
}

/**
 * What a run that never ended has left; `undefined` where there is no journal.
 * @throws FirstwordError `record_invalid` where its first line is none of ours
 */
export async function readJournal(
  path: string,
): Promise<{ header: RunHeader; samples: Sample[] } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [first, ...lines] = text.split('\n').map(jsonOf);
  const header = headerSchema.safeParse(first);
  if (!header.success) {
    throw new FirstwordError('record_invalid', `${path} is no journal of firstword bench: measure again.`);
  }
  // The last line may be half a line: the process was killed while it wrote it.
  const samples = lines.flatMap((line) => sampleSchema.safeParse(line).data ?? []);
  return { header: header.data, samples };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A run that is whole in its file needs its journal no more. */
export const dropJournal = (file: string): Promise<void> => rm(journalOf(file), { force: true });
