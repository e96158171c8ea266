import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '@firstword/turn/store';
import { ServerUnavailable } from '../server-process.js';

const INSTALL_LIMIT_MS = 600_000;
const SHOWN_OUTPUT = 600;

/** Runs a command to its end. @throws ServerUnavailable with the last part of its output */
export function runCommand(
  file: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<void> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(INSTALL_LIMIT_MS)]);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-SHOWN_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new ServerUnavailable(`${file} cannot be run: ${error.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new ServerUnavailable(`${file} ${args[0]} failed: ${output.trim()}`)),
    );
  });
}

/**
 * A folder in the cache, filled once. A folder whose installation did not end is filled again.
 * @param name with the version: another version gets another folder
 */
export async function installedFolder(
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheDir(), 'gateway-bench', name);
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return folder;
  process.stderr.write(`installing ${name} into ${folder}\n`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await writeFile(ready, '');
  return folder;
}
