// Builds, packs and checks every package that is published, says what would be published, and publishes it. `--help`
// has examples; docs/releasing.md says what is checked and why.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import getReleasePlan from '@changesets/get-release-plan';
import { manifestFaults, versionFaults } from './release/faults.mjs';
import { npm, packagesOf, packInto, registryHosts, registryState, workspacesOf } from './release/npm.mjs';
import { provenanceFaults } from './release/provenance.mjs';
import { tarballFaults } from './release/tarball.mjs';

const HELP = `Usage: npm run release -- [options]

Builds every package from clean, packs it, checks the tarballs, and publishes the packages whose version the registry
does not have. Exits with 1 if a check finds a fault; nothing is published then.

Options:
  --dry-run   stop before publishing
  --no-build  pack what is already built
  --json      print the result as JSON
  --help      print this

Examples:
  npm run release -- --dry-run             what would be published, and whether it may be
  npm run release -- --dry-run --no-build  the same for the current build, quicker
  npm run --silent release -- --dry-run --json > release.json
  npm run release                          publish: in a CI job only, see docs/releasing.md
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function readOptions() {
  try {
    return parseArgs({
      options: {
        'dry-run': { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Deleting `dist` first keeps the output of deleted source files out of the tarballs. */
function buildFromClean(packages) {
  for (const { location } of packages) rmSync(join(location, 'dist'), { recursive: true, force: true });
  // Output goes to stderr: stdout is for the result.
  const { status } = spawnSync('npm', ['run', '--silent', 'build:publish'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The build failed: see above.');
}

/** Packs all packages into one folder, as `npm publish` would, and checks each tarball. */
async function packAndCheck(packages, context) {
  const folder = mkdtempSync(join(tmpdir(), 'firstword-release-'));
  try {
    const packed = await packInto(folder, packages);
    const rows = [];
    for (const { name, version, filename, size, unpackedSize, entryCount, integrity } of packed) {
      const manifest = packages.find((each) => each.name === name);
      const faults = [
        ...manifestFaults(manifest, context),
        ...(await tarballFaults(readFileSync(join(folder, filename)), context)),
      ];
      rows.push({
        name,
        version,
        packedBytes: size,
        unpackedBytes: unpackedSize,
        files: entryCount,
        integrity,
        faults,
      });
    }
    const states = await Promise.all(rows.map(registryState));
    return rows.map(({ integrity, ...row }, at) => ({ ...row, registry: states[at] }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const kilobytes = (bytes) => `${Math.ceil(bytes / 1000)} kB`;

function table(rows) {
  const cells = [
    ['package', 'version', 'packed', 'unpacked', 'files', 'on the registry', 'faults'],
    ...rows.map((row) => [
      row.name,
      row.version,
      kilobytes(row.packedBytes),
      kilobytes(row.unpackedBytes),
      String(row.files),
      row.registry,
      String(row.faults.length),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isNumber = (column) => [2, 3, 4, 6].includes(column);
  const pad = (cell, column) =>
    isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function print({ packages, faults, pending }) {
  console.log(`\n${table(packages)}\n`);
  for (const { name, faults: own } of packages) for (const fault of own) console.log(`${name}: ${fault}`);
  for (const fault of faults) console.log(fault);
  for (const { name, newVersion } of pending)
    console.log(`${name}: a pending changeset raises it to ${newVersion}`);
  const count = faults.length + packages.reduce((sum, row) => sum + row.faults.length, 0);
  const news = packages.filter(({ registry }) => registry === 'new').map(({ name }) => name);
  if (count > 0) console.log(`\n${count} fault${count === 1 ? '' : 's'}: nothing may be published.`);
  else console.log(`No faults. To publish: ${news.join(', ') || 'nothing'}.`);
}

/** What stands in the way of publishing beyond the packages themselves. */
function publishFaults(packages, pending) {
  const faults = provenanceFaults(packages[0].repository.url, process.env);
  if (pending.length > 0)
    faults.push('Changesets are pending: run npx changeset version and commit the result first.');
  return faults;
}

async function release(options) {
  process.chdir(ROOT);
  const workspaces = await workspacesOf();
  const packages = packagesOf(workspaces);
  const { releases } = await getReleasePlan(ROOT);
  const pending = releases
    .filter(({ name, type }) => type !== 'none' && packages.some((each) => each.name === name))
    .map(({ name, newVersion }) => ({ name, newVersion }));
  const faults = versionFaults(packages, JSON.parse(readFileSync('package-lock.json', 'utf8')));
  if (!options['dry-run']) faults.push(...publishFaults(packages, pending));

  if (!options['no-build']) buildFromClean(packages);
  const rows = await packAndCheck(packages, {
    workspaces,
    license: readFileSync('LICENSE', 'utf8'),
    machinePaths: [ROOT, `${homedir()}/`],
    registryHosts: await registryHosts(),
  });

  const result = { packages: rows, faults, pending };
  if (options.json) console.log(JSON.stringify(result, undefined, 2));
  else print(result);
  if (faults.length > 0 || rows.some((row) => row.faults.length > 0)) return 1;
  return options['dry-run'] ? 0 : npm('exec', '--', 'changeset', 'publish');
}

const options = readOptions();
if (options.help) process.stdout.write(HELP);
else {
  try {
    process.exitCode = await release(options);
  } catch (error) {
    // npm's own message says what failed.
    console.error(error.message);
    process.exitCode = 1;
  }
}
