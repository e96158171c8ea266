import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An installed package. */
export interface InstalledPackage {
  name: string;
  version: string | undefined;
  /** Its folder. */
  root: string;
}

/** The package that a file belongs to: that of the nearest `package.json` with a name. */
export function packageOfFile(file: string): InstalledPackage | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      try {
        const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as Partial<InstalledPackage>;
        if (name) return { name, version, root: folder };
      } catch {
        // Not a package's.
      }
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** The file that `require(name)` would load from a file or folder; `undefined` if there is none. */
export function resolveFrom(from: string, name: string): string | undefined {
  try {
    return realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined;
  }
}
