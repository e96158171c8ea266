import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of one piece of work. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes the folder with all that is in it. */
  remove(): Promise<void>;
}

/**
 * Creates a folder below the system's folder for temporary files. It is removed with `remove()`, and when this process exits
 * before that, as a command does that is stopped.
 * @param prefix start of its name, such as `firstword-report-`
 */
export async function openTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const removeNow = () => rmSync(path, { recursive: true, force: true, maxRetries: 2 });
  process.once('exit', removeNow);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      process.off('exit', removeNow);
    },
  };
}
