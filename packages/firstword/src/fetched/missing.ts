import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PackageSet } from './package-set.js';

/** An installed package: where `require` finds its entry file, and its version. */
export interface FoundPackage {
  entry: string;
  version: string;
}

/** Finds a package as a module in the file `from` would; `undefined` if it is not installed there. */
export type FindPackage = (name: string, from: string) => FoundPackage | undefined;

/** Finds packages in `node_modules` folders. Reads no code of theirs. */
export const findPackage: FindPackage = (name, from) => {
  try {
    const entry = createRequire(from).resolve(name);
    for (let dir = dirname(entry); dir !== dirname(dir); dir = dirname(dir)) {
      const file = join(dir, 'package.json');
      if (!existsSync(file)) continue;
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (manifest.name === name) return { entry, version: manifest.version ?? '' };
    }
  } catch {
    // Not installed, or without its entry file: the same to the caller.
  }
  return undefined;
};

/**
 * The packages of a set that a module in `from` cannot import. One of Firstword's own in another version counts as
 * missing: they are released together, and call each other's internals.
 */
export function missingPackages(
  set: Pick<PackageSet, 'needed'>,
  { version, from, find = findPackage }: { version: string; from: string; find?: FindPackage },
): string[] {
  const missing = new Set<string>();
  for (const chain of set.needed) {
    let at = from;
    for (const name of chain) {
      const found = find(name, at);
      if (!found || (name.startsWith('@firstword/') && found.version !== version)) {
        missing.add(name);
        break;
      }
      at = found.entry;
    }
  }
  return [...missing];
}
