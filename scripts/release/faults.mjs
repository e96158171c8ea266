// What is wrong with a package, as sentences: decisions over manifests, file lists and texts, without reading anything.
import { isDeepStrictEqual } from 'node:util';
import { satisfies } from 'semver';

const DEPENDENCIES = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/** Files that no package should contain. */
const UNWANTED = [
  [/\.(test|bench|e2e|suite)\.[^/]*$/, 'a test'],
  [/\.map$/, 'a source map, whose sources are not in the package'],
  [/\.tsbuildinfo$/, "the compiler's cache"],
  [/(^|\/)\.[^/]+$/, 'a hidden file'],
];

/** Keys that secretlint's recommended rules do not know. */
const KEYS = [
  ['Groq', /\bgsk_[A-Za-z0-9]{40,}/],
  ['Google', /\bAIza[\w-]{35}/],
  ['Cerebras', /\bcsk-[a-z0-9]{40,}/],
  ['AWS', /\bAKIA[A-Z0-9]{16}\b/],
  ['private', /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/],
];

const HOME = /(?:\/home\/|\/Users\/|[A-Za-z]:\\Users\\)[\w.-]+[/\\]/;
const REGISTRY = /https?:\/\/(?:registry|npm)\.[\w.-]+/;

/** Faults of a package's manifest. `workspaces` are the manifests of the whole repository, with their `location`. */
export function manifestFaults(manifest, { workspaces }) {
  const publicUrl = workspaces.find(({ location }) => location === 'packages/turn')?.repository?.url;
  const expected = {
    license: 'Apache-2.0',
    type: 'module',
    repository: { type: 'git', url: publicUrl, directory: manifest.location },
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public', provenance: true },
  };
  const faults = Object.entries(expected)
    .filter(([field, value]) => !isDeepStrictEqual(manifest[field], value))
    .map(([field, value]) => `package.json: \`${field}\` must be ${JSON.stringify(value)}`);
  for (const field of ['description', 'keywords', 'homepage', 'bugs', 'files', 'sideEffects']) {
    if (manifest[field] === undefined) faults.push(`package.json: \`${field}\` is missing`);
  }
  if (manifest.private) faults.push('package.json: `private` keeps it from being published');
  return [...faults, ...dependencyFaults(manifest, workspaces)];
}

/** A published package can be installed only if all that it depends on is published too, in a version that it accepts. */
function dependencyFaults(manifest, workspaces) {
  const faults = [];
  for (const field of DEPENDENCIES) {
    for (const [name, range] of Object.entries(manifest[field] ?? {})) {
      const own = workspaces.find((each) => each.name === name);
      if (own?.private) faults.push(`${field}: ${name} is private, so no one could install this package`);
      else if (own && !satisfies(own.version, range))
        faults.push(`${field}: ${name} is at ${own.version}, which ${range} excludes`);
      if (/^(file|link|git|github|https?|workspace):/.test(range)) {
        faults.push(`${field}: ${name} comes from ${range}, which is not a version on the registry`);
      }
    }
  }
  return faults;
}

/** All packages share one version (`fixed` in .changeset/config.json), and the lock file has it too. */
export function versionFaults(packages, lock) {
  const [{ version }] = packages;
  const faults = packages
    .filter((each) => each.version !== version)
    .map(
      (each) =>
        `${each.name} is at ${each.version}, but ${packages[0].name} is at ${version}: run npx changeset version.`,
    );
  const locked = packages.filter((each) => lock.packages[each.location]?.version !== each.version);
  if (locked.length > 0) {
    const names = locked.map(({ name }) => name).join(', ');
    faults.push(`package-lock.json has another version of ${names}: run npm install --package-lock-only.`);
  }
  return faults;
}

/** Faults of the list of files in a tarball. */
export function fileFaults(paths) {
  const faults = ['package.json', 'README.md', 'LICENSE']
    .filter((path) => !paths.includes(path))
    .map((path) => `${path} is not in the tarball`);
  for (const path of paths) {
    const found = UNWANTED.find(([pattern]) => pattern.test(path));
    if (found) faults.push(`${path} is ${found[1]}`);
  }
  return faults;
}

/** Faults of one file's text. A key is never repeated in the sentence. */
export function textFaults(path, text, { license, machinePaths, registryHosts }) {
  const faults = [];
  const own = machinePaths.find((each) => text.includes(each)) ?? text.match(HOME)?.[0];
  if (own) faults.push(`${path} contains a path of a machine: ${own}`);
  const registry = registryHosts.find((host) => text.includes(host)) ?? text.match(REGISTRY)?.[0];
  if (registry) faults.push(`${path} contains the address of a registry: ${registry}`);
  for (const [owner, pattern] of KEYS) {
    if (pattern.test(text)) faults.push(`${path} contains what looks like a key (${owner})`);
  }
  if (path === 'LICENSE' && text !== license)
    faults.push("LICENSE differs from the repository's: copy it again");
  return faults;
}
