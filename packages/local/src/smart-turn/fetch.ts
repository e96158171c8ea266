import { mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { openTemporaryFolder, type TemporaryFolder } from '@firstword/turn/store';
import { sha256Of } from '../sha256.js';
import { SMART_TURN, smartTurnFile } from './files.js';
import { type RunPython, runPython } from './pip.js';

/** Options of `fetchSmartTurn`. */
export interface FetchSmartTurnOptions {
  signal?: AbortSignal;
  /** Tests replace it. */
  runPython?: RunPython;
}

/** Takes one file out of a zip archive: archive, path in it, folder. */
const UNZIP = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';

const BY_HAND = `Without it: get the wheel of ${SMART_TURN.package} ${SMART_TURN.version}, take ${SMART_TURN.path} out of it (it is a zip archive), and give that file to smartTurn({ modelFile }).`;

function failure(exitCode: number | null | undefined, stderr: string): FirstwordError {
  if (exitCode === null) return new FirstwordError('aborted', 'stopped before everything was fetched');
  if (exitCode === undefined || /No module named pip/.test(stderr))
    return new FirstwordError(
      'bad_input',
      `Smart Turn's weights are in a Python package, and there is no Python 3 with pip to fetch it. Install it, or set PYTHON. ${BY_HAND}`,
    );
  if (/ENOSPC|No space left/.test(stderr))
    return new FirstwordError(
      'unwritable',
      'The disk is full. Free some space, or set FIRSTWORD_CACHE_DIR to a folder on another disk, and try again.',
    );
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new FirstwordError(
    'connect_failed',
    `pip could not fetch ${SMART_TURN.package} ${SMART_TURN.version} (${last || 'it said nothing'}). Check "pip config list" and the network. ${BY_HAND}`,
    { retryable: true },
  );
}

/** pip downloads the wheel with the user's index, proxy and certificates; only the weights are taken out of it. */
async function download(dir: string, run: RunPython, signal: AbortSignal): Promise<string> {
  const { package: name, version, path } = SMART_TURN;
  const python = async (...args: string[]) => {
    const { exitCode, stderr } = await run(args, { signal });
    if (exitCode !== 0) throw failure(exitCode, stderr);
  };
  // `--python-version`: an older Python can fetch the wheel too. No code of the wheel runs.
  const wheel = ['--no-deps', '--only-binary=:all:', '--python-version=3.12', '--disable-pip-version-check'];
  await python('-m', 'pip', 'download', ...wheel, '--dest', dir, `${name}==${version}`);
  const file = (await readdir(dir)).find((found) => found.endsWith('.whl'));
  await python('-c', UNZIP, join(dir, file ?? ''), path, dir);
  return join(dir, path);
}

/**
 * Fetches Smart Turn's weights into the cache folder, if they are not there: 12 MB from a Python package, with pip. They are
 * compared with their SHA-256, and put in place when they are complete. Offline afterwards.
 * @returns the file
 * @throws FirstwordError that says what to do; `aborted` on the signal, and then nothing is left
 */
export async function fetchSmartTurn(options: FetchSmartTurnOptions = {}): Promise<string> {
  const { signal = new AbortController().signal, runPython: run = runPython } = options;
  const file = smartTurnFile();
  const isThere = await sha256Of(file).then(
    (found) => found === SMART_TURN.sha256,
    () => false,
  );
  if (isThere) return file;
  const temporary = await openFolder(dirname(file));
  try {
    const fetched = await download(temporary.path, run, signal);
    if ((await sha256Of(fetched)) !== SMART_TURN.sha256)
      throw new FirstwordError(
        'connect_failed',
        'The weights that pip fetched have another SHA-256 than the published ones. Try again.',
        {
          retryable: true,
        },
      );
    await rename(fetched, file);
    return file;
  } finally {
    await temporary.remove();
  }
}

/** A folder beside the file's place: on the same disk, so that the complete file can be renamed. */
async function openFolder(parent: string): Promise<TemporaryFolder> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return await openTemporaryFolder({ purpose: 'fetching', parent });
  } catch (cause) {
    throw new FirstwordError(
      'unwritable',
      `Cannot write to ${parent}: set FIRSTWORD_CACHE_DIR to a folder that you can write.`,
      { cause },
    );
  }
}
