// Packs the packages for installation from a checkout: `packed/<package>.tgz`, the scope's slash as a hyphen.
// Their dependencies on each other name the tarballs instead of versions, because pnpm and yarn would look for those on the
// registry, where nothing is published yet. For the registry: scripts/release.mjs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmJson, packagesOf, packInto, workspacesOf } from './release/npm.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const OUT = join(process.cwd(), 'packed');
const tarballOf = (name) => join(OUT, `${name.replace('@', '').replace('/', '-')}.tgz`);

/** Makes a package's dependencies on `ours` name their tarballs. */
function pointToTarballs(manifestFile, ours) {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies'])
    for (const name of Object.keys(manifest[kind] ?? {}))
      if (ours.has(name)) manifest[kind][name] = `file:${tarballOf(name)}`;
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
}

async function pack() {
  const packages = packagesOf(await workspacesOf());
  const ours = new Set(packages.map(({ name }) => name));
  const folder = mkdtempSync(join(tmpdir(), 'firstword-pack-'));
  try {
    const packed = await packInto(folder, packages);
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(OUT);
    for (const { name, filename } of packed) {
      const { status, stderr } = spawnSync('tar', ['-xzf', filename], { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`tar cannot unpack ${filename}: ${stderr ?? 'tar was not found'}`);
      pointToTarballs(join(folder, 'package', 'package.json'), ours);
      const [again] = Object.values(
        await npmJson('pack', join(folder, 'package'), '--pack-destination', OUT, '--ignore-scripts'),
      );
      renameSync(join(OUT, again.filename), tarballOf(name));
      rmSync(join(folder, 'package'), { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`In your agent's folder:\n  npm install ${tarballOf('@firstword/livekit')}`);
  console.log('pnpm add takes the same file. The other packages are beside it.');
}

try {
  await pack();
} catch (error) {
  console.error(`Packing failed: ${error.message}`);
  process.exitCode = 1;
}
