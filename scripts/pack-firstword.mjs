// Copies the built page of the studio into the package before it is packed. `--clean` removes it afterwards: in the repository,
// the original is used.
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const page = path('../packages/firstword/page');
const builtPage = path('../apps/studio/dist');

await rm(page, { recursive: true, force: true });
if (!process.argv.includes('--clean')) {
  if (!existsSync(builtPage))
    throw new Error('The studio’s page has not been built: run `npm run build` first.');
  await cp(builtPage, page, { recursive: true });
}
