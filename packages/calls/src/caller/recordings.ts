import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readWav, resample } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { speechIn } from '../tape/speech-activity.js';
import { CALLER_RATE_HZ, type Clip } from './clips.js';

/** A call made of the user's own recordings, one file per turn. */
export interface RecordedCall {
  /** Used in file names: letters, digits and `-`. */
  id: string;
  clips: Clip[];
}

/** Maximum length of a turn, ms. Longer files are probably whole calls. */
const LONGEST_TURN_MS = 60_000;
/** At most this many unusable files are listed. */
const MOST_REFUSALS = 10;

/** Natural sort order: 2 before 10. */
const byName = new Intl.Collator('en', { numeric: true });
const sorted = (names: readonly string[]) => [...names].sort(byName.compare);
const isWav = (entry: Dirent) => !entry.isDirectory() && /\.wav$/i.test(entry.name);

async function entriesOf(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (cause) {
    const message = `the recordings in ${dir} cannot be listed: give a folder of WAV files that you may read`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/** The speech of a file, trimmed, mono, at the caller's rate. Of two channels the left one, which is the caller on a tape. */
async function speechOf(path: string): Promise<Int16Array> {
  const wav = readWav(await readFile(path), path);
  const samples = resample(wav.channels[0]!, { fromHz: wav.sampleRateHz, toHz: CALLER_RATE_HZ });
  const spans = await speechIn(samples, CALLER_RATE_HZ);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) {
    throw new FirstwordError('bad_input', `${path} contains no speech: leave it out, or record it louder`);
  }
  if (last.endMs - first.startMs > LONGEST_TURN_MS) {
    const message = `${path} has more than ${LONGEST_TURN_MS / 1000} s of speech: split it into one file per turn`;
    throw new FirstwordError('bad_input', message);
  }
  const at = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);
  return samples.slice(at(first.startMs), at(last.endMs));
}

/** The transcript in the `.txt` file next to a recording; empty where there is none. */
async function wordsBeside(path: string): Promise<string[]> {
  const text = await readFile(path.replace(/\.wav$/i, '.txt'), 'utf8').catch(() => '');
  const words = text.replace(/\s+/g, ' ').trim();
  return words === '' ? [] : [words];
}

async function clipOf(path: string): Promise<Clip> {
  const samples = await speechOf(path);
  return { line: { parts: await wordsBeside(path), breathMs: 0 }, samples };
}

/** A unique id that can be used in file names. */
function idFor(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'call';
  if (!taken.has(plain)) return plain;
  let n = 2;
  while (taken.has(`${plain}-${n}`)) n += 1;
  return `${plain}-${n}`;
}

/** The WAV files of a folder form one call; each subfolder with WAV files is another call. */
async function filesOf(dir: string): Promise<{ name: string; paths: string[] }[]> {
  const entries = await entriesOf(dir);
  const folders = sorted(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  const nested = await Promise.all(folders.map((name) => entriesOf(join(dir, name))));
  const all = [
    { name: basename(dir), dir, entries },
    ...folders.map((name, i) => ({ name, dir: join(dir, name), entries: nested[i]! })),
  ];
  return all
    .map((one) => ({
      name: one.name,
      paths: sorted(one.entries.filter(isWav).map(({ name }) => name)).map((name) => join(one.dir, name)),
    }))
    .filter(({ paths }) => paths.length > 0);
}

/**
 * Reads the user's own recordings: one WAV file per turn at any common rate, optionally with its transcript in a `.txt`
 * file of the same name. The files of a folder, in natural order, form one call.
 * @throws FirstwordError `bad_input`, listing the unusable files and why
 */
export async function readRecordings(dir: string): Promise<RecordedCall[]> {
  const found = await filesOf(resolve(dir));
  if (found.length === 0) {
    throw new FirstwordError(
      'bad_input',
      `there is no WAV file in ${dir}: put one file per turn there, or into one folder per call`,
    );
  }
  const refusals: string[] = [];
  const calls: RecordedCall[] = [];
  const taken = new Set<string>();
  for (const { name, paths } of found) {
    const id = idFor(name, taken);
    taken.add(id);
    const clips: Clip[] = [];
    for (const path of paths) {
      try {
        clips.push(await clipOf(path));
      } catch (error) {
        refusals.push(error instanceof Error ? error.message : String(error));
      }
    }
    calls.push({ id, clips });
  }
  if (refusals.length > 0) {
    const more = refusals.length - MOST_REFUSALS;
    const list = refusals.slice(0, MOST_REFUSALS).map((refusal) => `\n  ${refusal}`);
    const rest = more > 0 ? `\n  and ${more} more` : '';
    throw new FirstwordError(
      'bad_input',
      `${refusals.length} recordings cannot be used:${list.join('')}${rest}`,
    );
  }
  return calls;
}
