import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
/** Licences that ask for no more than their text. */
const PERMISSIVE = /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|CC0-1\.0|BlueOak-1\.0\.0|Unlicense)$/;

interface Locked {
  license?: string;
  dev?: boolean;
  link?: boolean;
}

it('every package under another licence that users install is named', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const page = read('docs/third-party.md');
  // The packages of one part for each platform share a row.
  const named = (name: string) =>
    page.includes(name) || page.includes(name.replace(/-(?:linux|linuxmusl|darwin|win32|wasm32).*$/, ''));
  const missing = Object.entries(packages)
    .filter(([path, { license = '', dev, link }]) => {
      return path.startsWith('node_modules/') && !dev && !link && license !== '' && !PERMISSIVE.test(license);
    })
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    .filter((name) => !named(name));
  expect(missing).toEqual([]);
});
