import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline as pipelineOf, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FirstwordError } from '@firstword/turn';
import { PROSE, refusedText } from './refused.js';

/** A file to read, with the kind of content that its beginning shows. */
export interface InputFile {
  path: string;
  gzip: boolean;
  /** As the user named it. */
  name: string;
  bytes: number;
  /** `turns`: begins with a record of a turn or of a call. `foreign`: other text, possibly a LiveKit export. */
  form: 'turns' | 'foreign';
}

/** A file that was not read, and why. */
export interface SkippedFile {
  name: string;
  reason: string;
}

/** The files at the given paths: those that can be read, and those that cannot. */
export interface Inputs {
  files: InputFile[];
  skipped: SkippedFile[];
}

const SNIFF_BYTES = 64 * 1024;
const ENDINGS: readonly string[] = ['.jsonl', '.ndjson', '.json', '.log', '.txt', '.csv'];
const TURN_START = /^\s*\{\s*"schema"\s*:\s*"firstword\.(turn|call)\//;
/** Above this share of control characters, a file is not text; after a power cut, a text file may contain a few zeros. */
const NO_TEXT_LIMIT = 0.3;
/** Above this share of invalid UTF-8, a file is not text; text in another encoding has less. */
const UNDECODED_LIMIT = 0.3;

const fail = (message: string, cause?: unknown) => new FirstwordError('bad_input', message, { cause });

function isReadable(name: string): boolean {
  const plain = name.endsWith('.gz') ? name.slice(0, -'.gz'.length) : name;
  return ENDINGS.includes(extname(plain).toLowerCase());
}

/** Every file below a folder whose name has one of `ENDINGS`, by name. */
async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isReadable(entry.name));
  if (files.length === 0) {
    const named = `${ENDINGS.slice(0, -1).join(', ')} or ${ENDINGS.at(-1)}`;
    throw fail(`${dir} has no ${named} file (.gz too): is it where the records went?`);
  }
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The first bytes of a file, unpacked if it is gzip. */
async function beginning(path: string): Promise<{ bytes: Buffer; gzip: boolean }> {
  const handle = await open(path);
  try {
    const head = Buffer.alloc(2);
    const { bytesRead } = await handle.read(head, 0, 2, 0);
    const gzip = bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b;
    const stream: Readable = gzip ? createReadStream(path).pipe(createGunzip()) : createReadStream(path);
    const parts: Buffer[] = [];
    let length = 0;
    try {
      for await (const part of stream as AsyncIterable<Buffer>) {
        parts.push(part);
        length += part.length;
        if (length >= SNIFF_BYTES) break;
      }
    } catch (error) {
      // A small truncated file is read as far as possible.
      if (length === 0) throw error;
    } finally {
      stream.destroy();
    }
    return { bytes: Buffer.concat(parts).subarray(0, SNIFF_BYTES), gzip };
  } finally {
    await handle.close();
  }
}

/** Why a file's beginning cannot be text of records; `undefined` where it can. */
function reasonNotText(bytes: Buffer): string | undefined {
  if (bytes.toString('utf8').trim() === '') return 'is empty';
  const mark = bytes.subarray(0, 2).toString('latin1');
  if (mark === '\u00FF\u00FE' || mark === '\u00FE\u00FF') return 'is UTF-16, not UTF-8';
  let odd = 0;
  for (const byte of bytes) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) odd += 1;
  const text = bytes.toString('utf8');
  const undecoded = text.match(/\uFFFD/g)?.length ?? 0;
  if (odd > bytes.length * NO_TEXT_LIMIT || undecoded > text.length * UNDECODED_LIMIT) return 'is not text';
  // A line of syslog begins with its priority, `<14>`.
  if (/^\s*<(?!\d{1,3}>)/.test(text)) return 'is HTML or XML, not JSON';
  return undefined;
}

async function inspect(path: string, name: string): Promise<InputFile | SkippedFile> {
  const { size } = await stat(path);
  let found: Awaited<ReturnType<typeof beginning>>;
  try {
    found = await beginning(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { name, reason: why.startsWith('Z_') ? 'is a damaged gzip file' : `cannot be read (${why})` };
  }
  const reason = reasonNotText(found.bytes);
  if (reason !== undefined) return { name, reason };
  const form = TURN_START.test(found.bytes.toString('utf8').replace(/^\uFEFF/, '')) ? 'turns' : 'foreign';
  return { path, gzip: found.gzip, name, bytes: size, form };
}

/** Copies standard input to a file, because its beginning is read twice. */
async function spool(stdin: Readable, dir: string, signal: AbortSignal | undefined): Promise<string> {
  const path = join(dir, 'stdin');
  await pipeline(stdin, createWriteStream(path, { mode: 0o600 }), { signal });
  return path;
}

/** Options of `findInputs`. */
export interface InputOptions {
  /** What the path `-` reads. */
  stdin: Readable;
  /** A folder for copies; the caller removes it. */
  dir: string;
  signal?: AbortSignal | undefined;
}

/**
 * The files at the paths that the user named: files, folders (with all subfolders) and `-`.
 * @throws FirstwordError `bad_input` where nothing was found or nothing can be read
 */
export async function findInputs(paths: readonly string[], options: InputOptions): Promise<Inputs> {
  const inputs: Inputs = { files: [], skipped: [] };
  const seen = new Set<string>();
  for (const path of paths) {
    for (const [real, name] of await expand(path, options)) {
      if (seen.has(real)) continue;
      seen.add(real);
      options.signal?.throwIfAborted();
      const found = await inspect(real, name);
      if ('reason' in found) inputs.skipped.push(found);
      else inputs.files.push(found);
    }
  }
  if (inputs.files.length === 0) {
    const [first] = inputs.skipped;
    throw fail(
      first ? `${first.name} ${first.reason}: give turn records or LiveKit's exports` : 'no path was given',
    );
  }
  return inputs;
}

/** Whether an argument is a sentence, not a path: three words or more, and neither a folder nor an extension in it. */
export const isProse = (argument: string): boolean =>
  /\S\s+\S+\s+\S/.test(argument) && !/[/\\]|\.\w{2,6}$/.test(argument);

/** The real path of each file with the name to show for it. */
async function expand(path: string, options: InputOptions): Promise<[string, string][]> {
  if (path === '-') return [[await spool(options.stdin, options.dir, options.signal), 'standard input']];
  const found = await stat(path).catch((cause: unknown) => {
    throw isProse(path)
      ? fail(refusedText(PROSE), cause)
      : fail(`there is nothing at ${path}: check the path`, cause);
  });
  const files = found.isDirectory() ? await filesIn(path) : [path];
  return files.map((file) => [file, file]);
}

/** A file's unpacked bytes; an error of the file or of unpacking ends them. `onRead` counts the bytes of the packed file. */
export function readBytes(file: InputFile, onRead?: (bytes: number) => void): Readable {
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onRead?.(chunk.length);
      done(null, chunk);
    },
  });
  const raw = createReadStream(file.path);
  // The reader of the last stream gets the error of each.
  const ended = () => {};
  return file.gzip
    ? pipelineOf(raw, counted, createGunzip(), ended)
    : (pipelineOf(raw, counted, ended) as Readable);
}

/** Whether an error comes from unpacking a damaged gzip file. */
export const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
