import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sum of the sizes of all files below a folder, bytes. A file with several links counts once, as on the disk. */
export function sizeOf(folder: string): number {
  const seen = new Set<number>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, nlink, size } = lstatSync(join(entry.parentPath, entry.name));
    if (nlink > 1 && seen.has(ino)) continue;
    seen.add(ino);
    bytes += size;
  }
  return bytes;
}

/** An installed package. */
export interface Installed {
  name: string;
  version: string;
  folder: string;
  /** Names of the scripts that npm would run when it installs the package. */
  installScripts: string[];
}

/** Every copy of every package below a project's `node_modules`, nested ones and pnpm's store included. */
export function installedIn(project: string): Installed[] {
  const found: Installed[] = [];
  const look = (modules: string) => {
    if (!existsSync(modules)) return;
    for (const entry of readdirSync(modules, { withFileTypes: true })) {
      const path = join(modules, entry.name);
      // A link leads to a copy that is found elsewhere.
      if (!entry.isDirectory() || entry.name === '.bin') continue;
      if (entry.name.startsWith('@')) look(path);
      else if (entry.name === '.pnpm')
        for (const name of readdirSync(path)) look(join(path, name, 'node_modules'));
      else note(path);
    }
  };
  const note = (folder: string) => {
    look(join(folder, 'node_modules'));
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) return;
    const { name, version, scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    const installScripts = ['preinstall', 'install', 'postinstall'].filter((script) => script in scripts);
    found.push({ name, version, folder, installScripts });
  };
  look(join(project, 'node_modules'));
  return found;
}
