import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { AUDIO_EXTENSIONS } from '@firstword/livekit/audio';
import { FirstwordError, isFirstwordError } from '@firstword/turn';
import type { Span } from '../tape/span.js';
import { afterTurn } from './background.js';
import { CALLER_RATE_HZ, type Clip, partOf } from './clips.js';
import { type ManifestEntry, readManifest } from './manifest.js';
import { type Recording, readRecording } from './recording.js';

/** One file of recordings, and what was found in it. */
export interface RecordedFile {
  /** Path relative to the folder that was given. */
  name: string;
  durationMs: number;
  /** The caller's turns, in ms from the beginning of the file. */
  turns: (Span & {
    /** Silences within the turn, longest first, ms. */
    pausesMs: number[];
  })[];
  /** Peak of each of equally long parts of the file, 0 to 1, for a picture. */
  envelope: number[];
}

/** A call made of the user's own recordings. */
export interface RecordedCall {
  /** Used in file names: letters, digits and `-`. */
  id: string;
  clips: Clip[];
  /** The files of the clips, in the same order. */
  files: RecordedFile[];
}

/** Turns of one call, unless they are from one file: arms are interleaved call by call. */
const MOST_TURNS = 8;
/** At most this many unusable files are listed. */
const MOST_REFUSALS = 10;
/** Parts of the picture of a file. */
const ENVELOPE_PARTS = 400;

/** Natural sort order: 2 before 10. */
const byName = new Intl.Collator('en', { numeric: true });
const sorted = (names: readonly string[]) => [...names].sort(byName.compare);
const isAudio = (entry: Dirent) =>
  !entry.isDirectory() && AUDIO_EXTENSIONS.includes(extname(entry.name).toLowerCase());

async function entriesOf(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (cause) {
    const message = `the recordings in ${dir} cannot be listed: give an audio file, or a folder of them, that you may read`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/** The words of a recording: its `.txt` file, else the manifest's; empty where neither is there. */
async function wordsOf(path: string, { text = '' }: ManifestEntry): Promise<string[]> {
  const beside = await readFile(`${path.slice(0, -extname(path).length || undefined)}.txt`, 'utf8').catch(
    () => '',
  );
  const words = (beside.trim() || text).replace(/\s+/g, ' ').trim();
  return words === '' ? [] : [words];
}

function envelopeOf(samples: Int16Array): number[] {
  const length = Math.ceil(samples.length / ENVELOPE_PARTS);
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, i) => {
    let peak = 0;
    for (const sample of samples.subarray(i * length, (i + 1) * length))
      peak = Math.max(peak, Math.abs(sample));
    return peak / 32_768;
  });
}

function pausesIn({ startMs, endMs }: Span, speech: readonly Span[]): number[] {
  const within = speech.filter((span) => span.startMs >= startMs && span.endMs <= endMs);
  return within
    .slice(1)
    .map((span, i) => span.startMs - within[i]!.endMs)
    .sort((a, b) => b - a);
}

function fileOf(name: string, { samples, caller, turns }: Recording): RecordedFile {
  return {
    name,
    durationMs: (samples.length * 1000) / CALLER_RATE_HZ,
    turns: turns.map((turn) => ({ ...turn, pausesMs: pausesIn(turn, caller) })),
    envelope: envelopeOf(samples),
  };
}

/** The turns of a file. The words of a file are known for its only turn. */
async function clipsOf(recording: Recording, entry: ManifestEntry): Promise<Clip[]> {
  const { path, samples, turns } = recording;
  const parts = turns.length === 1 ? await wordsOf(path, entry) : [];
  return turns.map((turn) => ({
    line: { parts, breathMs: 0, ...(entry.speaker === undefined ? {} : { speaker: entry.speaker }) },
    samples: partOf(samples, turn),
    after: afterTurn(recording, turn),
  }));
}

/** A unique id that can be used in file names. */
function idFor(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'call';
  let id = plain;
  for (let n = 2; taken.has(id); n += 1) id = `${plain}-${n}`;
  taken.add(id);
  return id;
}

interface Folder {
  name: string;
  paths: string[];
}

/** The audio files of a folder, and of each subfolder; a single file is a folder of its own. */
async function foldersOf(path: string): Promise<Folder[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return [{ name: basename(path, extname(path)), paths: [path] }];
  const entries = await entriesOf(path);
  const names = sorted(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  const nested = await Promise.all(names.map((name) => entriesOf(join(path, name))));
  const all = [
    { name: basename(path), dir: path, entries },
    ...names.map((name, i) => ({ name, dir: join(path, name), entries: nested[i]! })),
  ];
  return all
    .map((one) => ({
      name: one.name,
      paths: sorted(one.entries.filter(isAudio).map(({ name }) => name)).map((name) => join(one.dir, name)),
    }))
    .filter(({ paths }) => paths.length > 0);
}

function refuse(refusals: readonly string[]): never {
  const more = refusals.length - MOST_REFUSALS;
  const list = refusals.slice(0, MOST_REFUSALS).map((refusal) => `\n  ${refusal}`);
  const rest = more > 0 ? `\n  and ${more} more` : '';
  const what = refusals.length === 1 ? '1 recording' : `${refusals.length} recordings`;
  throw new FirstwordError('bad_input', `${what} cannot be used:${list.join('')}${rest}`);
}

type Read = { file: RecordedFile; clips: Clip[] };

/** The files of a folder as calls: a file with several turns is a call, the others are put together, eight to a call. */
function callsOf(name: string, read: readonly Read[], taken: Set<string>): RecordedCall[] {
  const groups: Read[][] = [];
  for (const one of read) {
    const last = groups.at(-1);
    const fits =
      one.clips.length === 1 &&
      last &&
      last.length < MOST_TURNS &&
      last.every(({ clips }) => clips.length === 1);
    if (fits) last.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const only = group[0]!;
    const own = only.clips.length > 1 ? basename(only.file.name, extname(only.file.name)) : name;
    return {
      id: idFor(own, taken),
      clips: group.flatMap(({ clips }) => clips),
      files: group.map(({ file }) => file),
    };
  });
}

/**
 * Reads the user's own recordings: an audio file, or a folder of them, in any format that FFmpeg can decode. A mono file is a
 * turn; a file with the caller on the left and the agent on the right channel is a call, which is cut into the caller's turns.
 * The turns of a folder, in natural order, form calls of up to eight; each subfolder has calls of its own. A `.txt` file beside a
 * recording, or a `manifest.jsonl`, has its words.
 * @throws FirstwordError `bad_input`, listing the unusable files and what to do; `aborted`
 */
export async function readRecordings(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<RecordedCall[]> {
  const root = resolve(path);
  const folders = await foldersOf(root);
  if (folders.length === 0) {
    throw new FirstwordError(
      'bad_input',
      `there is no audio file in ${path}: put one file per turn, or whole calls, there or into its folders`,
    );
  }
  const refusals: string[] = [];
  const calls: RecordedCall[] = [];
  const taken = new Set<string>();
  for (const { name, paths } of folders) {
    const known = await readManifest(dirname(paths[0]!));
    const read: Read[] = [];
    for (const file of paths) {
      try {
        const recording = await readRecording(file, options);
        const shown = file === root ? basename(file) : file.slice(root.length + 1);
        read.push({ file: fileOf(shown, recording), clips: await clipsOf(recording, known(file)) });
      } catch (error) {
        if (!isFirstwordError(error, 'bad_input')) throw error;
        refusals.push(error.message);
      }
    }
    calls.push(...callsOf(name, read, taken));
  }
  if (refusals.length > 0) refuse(refusals);
  return calls;
}
