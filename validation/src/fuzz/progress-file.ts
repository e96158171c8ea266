import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { FirstwordError } from '@firstword/turn';
import { type FuzzProgress, newProgress, type TargetProgress } from './progress.js';

/**
 * Where each target goes on: as the file says, or at `from`.
 * @throws FirstwordError `bad_input` if the file is of another seed, or is no such file
 */
export function startOf(
  path: string | undefined,
  { names, seed, from }: { names: readonly string[]; seed: number; from: number },
): TargetProgress[] {
  const kept = path !== undefined && existsSync(path) ? readProgress(path) : undefined;
  if (kept && kept.seed !== seed)
    throw new FirstwordError(
      'bad_input',
      `${path} is of seed ${kept.seed}: give --seed ${kept.seed}, or another file`,
    );
  return names.map((name) => kept?.targets.find((one) => one.name === name) ?? newProgress(name, from));
}

function readProgress(path: string): FuzzProgress {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Reported below.
  }
  const progress = value as FuzzProgress | undefined;
  if (progress?.type !== 'firstword.fuzz')
    throw new FirstwordError('bad_input', `${path} is no progress of npm run fuzz: give another file`);
  return progress;
}

/** Replaces the file in one step. Targets that this run does not read stay in it. */
export function writeProgress(path: string, progress: FuzzProgress): void {
  const others = existsSync(path) ? readProgress(path).targets : [];
  const isRead = new Set(progress.targets.map(({ name }) => name));
  const targets = [...progress.targets, ...others.filter(({ name }) => !isRead.has(name))];
  writeFileSync(`${path}.part`, `${JSON.stringify({ ...progress, targets }, undefined, 2)}\n`);
  renameSync(`${path}.part`, path);
}
