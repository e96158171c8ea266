import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestOf, type PackageSet } from './package-set.js';

/** Written last: a folder without it is not complete. */
const MARKER = 'complete.json';
/** Files that are worth a look at each start, because they are large: weights and native code. Links are left out. */
const LARGE = /\.(onnx|node|so(\.\d+)*|dylib|dll|wasm)$/;

/** What the marker says: the direct dependencies, and the sizes of the large files by path. */
interface Marker {
  packages: string[];
  bytes: Record<string, number>;
}

/** Folder of a fetched tree. One per version, set and platform: the trees contain native code. */
export function treeDir(cacheDir: string, set: PackageSet, version: string): string {
  return join(cacheDir, 'packages', `${set.name}-${version}-${process.platform}-${process.arch}`);
}

/** Entry module of this package inside a fetched tree. */
export function treeMain(dir: string): string {
  return join(dir, 'node_modules', 'firstword', 'dist', 'main.js');
}

async function largeFiles(dir: string): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !LARGE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    bytes[path.slice(dir.length + 1)] = (await stat(path)).size;
  }
  return bytes;
}

/** Marks a tree as complete. Call it after npm has compared every package with the SHA-512 that the registry states. */
export async function markComplete(dir: string, set: PackageSet, version: string): Promise<void> {
  const manifest = JSON.parse(manifestOf(set, version)) as { dependencies: Record<string, string> };
  const marker: Marker = { packages: Object.keys(manifest.dependencies), bytes: await largeFiles(dir) };
  await writeFile(join(dir, MARKER), `${JSON.stringify(marker, null, 2)}\n`);
}

/** Removes the mark: the tree is fetched again at the next start. */
export async function markDamaged(dir: string): Promise<void> {
  await rm(join(dir, MARKER), { force: true });
}

/**
 * Whether a fetched tree can be used: `complete`, `absent`, or what is wrong with it. It looks at names and sizes only,
 * which takes milliseconds; the weights' SHA-256 is compared when they are loaded.
 */
export async function stateOfTree(dir: string): Promise<'complete' | 'absent' | { damaged: string }> {
  let marker: Marker;
  try {
    marker = JSON.parse(await readFile(join(dir, MARKER), 'utf8')) as Marker;
  } catch (error) {
    const exists = await stat(dir).then(
      () => true,
      () => false,
    );
    if (!exists) return 'absent';
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { damaged: isMissing ? 'it is not complete' : `${MARKER} cannot be read` };
  }
  for (const name of marker.packages) {
    const file = join(dir, 'node_modules', name, 'package.json');
    if (!(await stat(file).catch(() => undefined))) return { damaged: `${name} is missing` };
  }
  for (const [path, bytes] of Object.entries(marker.bytes)) {
    const found = await stat(join(dir, path)).catch(() => undefined);
    if (!found) return { damaged: `${path} is missing` };
    if (found.size !== bytes) return { damaged: `${path} has ${found.size} bytes instead of ${bytes}` };
  }
  return 'complete';
}
