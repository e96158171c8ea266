import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Firstword keeps what it can make again: the folder in FIRSTWORD_CACHE_DIR, else one in the user's own cache
 * folder. Nothing breaks where it is emptied, or cannot be written.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.FIRSTWORD_CACHE_DIR) return env.FIRSTWORD_CACHE_DIR;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'firstword');
}
