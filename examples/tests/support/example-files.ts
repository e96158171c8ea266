import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `examples`. */
export const EXAMPLES = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Every example, by its path in `EXAMPLES`. */
export const EXAMPLE_FILES = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/^(tests|node_modules)\b/.test(path))
  .sort();

/** The text of a file in `EXAMPLES`. */
export const textOf = (path: string): string => readFileSync(`${EXAMPLES}/${path}`, 'utf8');
