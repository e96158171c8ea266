import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package manager whose commands are known. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn';

const LOCK_FILES: readonly [file: string, manager: PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];

/** The package manager of a project: that of the nearest lock file, else that which runs the process, else npm. */
export function packageManagerOf(folder: string, userAgent: string | undefined): PackageManager {
  for (let at = folder; ; at = dirname(at)) {
    const found = LOCK_FILES.find(([file]) => existsSync(join(at, file)));
    if (found) return found[1];
    if (dirname(at) === at) break;
  }
  const running = userAgent?.split('/', 1)[0];
  return running === 'pnpm' || running === 'yarn' ? running : 'npm';
}

/** The command that adds a package to a project. */
export function installCommand(manager: PackageManager, spec: string): string {
  return `${manager} ${manager === 'npm' ? 'install' : 'add'} ${spec}`;
}

/** How to keep one copy of a package: two lines. */
export function howToKeepOne(manager: PackageManager, name: string, version: string): string {
  const install = installCommand(manager, `${name}@${version}`);
  const insists = 'If a package still brings its own, set';
  if (manager === 'pnpm')
    return `To keep one: ${install} && pnpm dedupe (pnpm why ${name} shows who brings which).
${insists} overrides: { "${name}": "${version}" } in pnpm-workspace.yaml, or before pnpm 10 under "pnpm" in package.json.`;
  if (manager === 'yarn')
    return `To keep one: ${install} (yarn why ${name} shows who brings which).
${insists} "resolutions": { "${name}": "${version}" } in package.json.`;
  return `To keep one: ${install} && npm dedupe (npm ls ${name} shows who brings which).
${insists} "overrides": { "${name}": "$${name}" } in package.json.`;
}
