import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
/** Write what npm installs, which is public. */
const PUBLIC = ['firstword/src/fetched/fetch.ts', 'firstword/src/fetched/tree.ts'];
const CREATES =
  /(?<!\.)\b(?:writeFile|writeFileSync|appendFile|appendFileSync|mkdir|mkdirSync|createWriteStream)\((?!\))|\bopen(?:Sync)?\([^)]*'[aw]\+?'/g;

/** Source files that are published: without tests and their helpers. */
const sources = readdirSync(PACKAGES).flatMap((name) =>
  readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\//.test(file))
    .map((file) => `${name}/src/${file}`),
);

/** From the call on, as far as its arguments reach at most. */
const argumentsAt = (text: string, at: number) => text.slice(at, at + 200).split(';\n')[0]!;

it('every file and folder with records, words or measurements is created for its owner only', () => {
  const open = sources
    .filter((file) => !PUBLIC.includes(file))
    .flatMap((file) => {
      const text = readFileSync(join(PACKAGES, file), 'utf8');
      return [...text.matchAll(CREATES)]
        .map(({ index }) => argumentsAt(text, index))
        .filter((call) => !/0o[67]00|PRIVATE/.test(call))
        .map((call) => `${file}: ${call.split('\n')[0]}`);
    });
  expect(sources.length).toBeGreaterThan(500);
  expect(open).toEqual([]);
});
