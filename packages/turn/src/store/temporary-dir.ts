import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Processes of other machines, and of other containers, may share the folder: their process ids mean nothing here. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const OURS = new RegExp(`^firstword-[a-z-]+-${HOST}-(\\d+)-[\\w-]{6}$`);

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only checks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Removes the folders of processes of this machine and user that were killed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = OURS.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.uid !== process.getuid?.() && process.getuid) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * Creates a temporary folder that only its owner can read. The caller removes it; what a killed process leaves behind is
 * removed by the next call, of any process of the same machine and user.
 * @param options.purpose lower-case letters and dashes; part of the folder's name
 * @param options.parent default the system's folder for temporary files
 */
export async function temporaryDir(options: { purpose: string; parent?: string }): Promise<string> {
  const { purpose, parent = tmpdir() } = options;
  await removeAbandoned(parent);
  return mkdtemp(join(parent, `firstword-${purpose}-${HOST}-${process.pid}-`));
}
