import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for files that Firstword can recreate: FIRSTWORD_CACHE_DIR if set, otherwise `firstword` in XDG_CACHE_HOME or
 * `~/.cache`. Everything keeps working when the folder is emptied or cannot be written.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.FIRSTWORD_CACHE_DIR) return env.FIRSTWORD_CACHE_DIR;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'firstword');
}
