import { open } from 'node:fs/promises';
import { FirstwordError } from '@firstword/turn';

/** How much of a file's end is looked at for its last line break. A point of a trend is far shorter. */
const TAIL_BYTES = 1_000_000;

/**
 * Appends a line to a history: what a scheduled run leaves for the trend. Half a line that a crash left at its end goes.
 * @throws FirstwordError `unwritable`
 */
export async function appendToHistory(file: string, point: object): Promise<void> {
  try {
    const handle = await open(file, 'a+');
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
