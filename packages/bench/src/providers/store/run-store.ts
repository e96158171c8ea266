import { readFile, rename, writeFile } from 'node:fs/promises';
import { FirstwordError } from '@firstword/turn';
import { parseRunFile, type RunFile } from '../run-file.js';

/**
 * Reads a run.
 * @throws FirstwordError `bad_input` where it cannot be read, `record_invalid` where it is no run
 */
export async function readRun(file: string): Promise<RunFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FirstwordError('bad_input', `there is no run at ${file} that can be read: check the path`, {
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FirstwordError(
      'record_invalid',
      `${file} is no JSON: give a file that firstword bench wrote.`,
      { cause },
    );
  }
  return parseRunFile(json, file);
}

/**
 * Never half a file: it is whole before it has its name.
 * @throws FirstwordError `unwritable`
 */
export async function writeRun(file: string, run: RunFile): Promise<void> {
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(run)}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    const message = `the run cannot be written to ${file}: its samples are still in ${file}.part`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
