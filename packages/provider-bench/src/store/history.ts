import { open } from 'node:fs/promises';
import { FirstwordError } from '@firstword/turn';

/** The last line break is searched in this much of the file's end. A line of a history is far shorter. */
const TAIL_BYTES = 1_000_000;

/**
 * Appends a line to a history file. A truncated last line, left by a crash, is removed first.
 * @throws FirstwordError `unwritable`
 */
export async function appendToHistory(file: string, point: object): Promise<void> {
  try {
    const handle = await open(file, 'a+', 0o600);
    try {
      const { size } = await handle.stat();
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      await handle.read(tail, 0, tail.length, size - tail.length);
      const whole = size - tail.length + tail.lastIndexOf('\n') + 1;
      if (whole < size) await handle.truncate(whole);
      await handle.appendFile(`${JSON.stringify(point)}\n`);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const message = `the history ${file} cannot be appended to: choose another file with --history`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
