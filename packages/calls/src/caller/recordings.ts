import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readWav, resample } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { speechIn } from '../tape/speech-activity.js';
import { CALLER_RATE_HZ, type Clip } from './clips.js';

/** A call made of one's own recordings: a file a turn. */
export interface RecordedCall {
  /** Names its files: letters, digits and `-`. */
  id: string;
  clips: Clip[];
}

/** A turn is not longer than this, ms: what is longer is a whole call in one file. */
const LONGEST_TURN_MS = 60_000;
/** More refusals than this are not read. */
const MOST_REFUSALS = 10;

/** In the order in which people number files: 2 before 10. */
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

/** From the first speech to the last, mono, at the rate of a caller. Of two channels the left: the caller, on a tape. */
async function speechOf(path: string): Promise<Int16Array> {
  const wav = readWav(await readFile(path), path);
  const samples = resample(wav.channels[0]!, { fromHz: wav.sampleRateHz, toHz: CALLER_RATE_HZ });
  const spans = speechIn(samples, CALLER_RATE_HZ);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) {
    throw new FirstwordError('bad_input', `${path} has no speech in it: leave it out, or record it louder`);
  }
  if (last.endMs - first.startMs > LONGEST_TURN_MS) {
    const message = `${path} has more than ${LONGEST_TURN_MS / 1000} s of speech: cut it into a file a turn`;
    throw new FirstwordError('bad_input', message);
  }
  const at = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);
  return samples.slice(at(first.startMs), at(last.endMs));
}

/** The words beside a recording, if anybody wrote them down. */
async function wordsBeside(path: string): Promise<string[]> {
  const text = await readFile(path.replace(/\.wav$/i, '.txt'), 'utf8').catch(() => '');
  const words = text.replace(/\s+/g, ' ').trim();
  return words === '' ? [] : [words];
}

async function clipOf(path: string): Promise<Clip> {
  const samples = await speechOf(path);
  return { line: { parts: await wordsBeside(path), breathMs: 0 }, samples };
}

/** A name that is fit for a file, and not another call's. */
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

/** Every WAV file in a folder is a turn of one call; every folder in it with such files is another call. */
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
 * Reads one's own recordings: a WAV file a turn, any common rate, with its words in a `.txt` beside it where they are
 * known. The files of a folder, in the order of their names, are a call.
 * @throws FirstwordError `bad_input`, naming every file that cannot be used and why
 */
export async function readRecordings(dir: string): Promise<RecordedCall[]> {
  const found = await filesOf(resolve(dir));
  if (found.length === 0) {
    throw new FirstwordError(
      'bad_input',
      `there is no WAV file in ${dir}: put one a turn there, or in a folder a call`,
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
