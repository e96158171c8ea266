// Copies into the package before it is packed: the pages of the doctor's rules, for `firstword doctor --explain`, and the
// built page of the studio. `--clean` removes both afterwards: in the repository, the originals are used.
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const docs = path('../packages/firstword/docs');
const page = path('../packages/firstword/page');
const builtPage = path('../apps/studio/dist');

await rm(docs, { recursive: true, force: true });
await rm(page, { recursive: true, force: true });
if (!process.argv.includes('--clean')) {
  if (!existsSync(builtPage))
    throw new Error('The studio’s page has not been built: run `npm run build` first.');
  await cp(path('../docs/doctor'), `${docs}/doctor`, { recursive: true });
  await cp(builtPage, page, { recursive: true });
}
