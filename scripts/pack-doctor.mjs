// Copies the documentation into @firstword/doctor before it is packed: findings, `firstword doctor --explain` and the help
// of the commands lead to these pages. `--clean` removes them afterwards: in the repository, the originals are used.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const to = path('../packages/doctor/docs');

await rm(to, { recursive: true, force: true });
if (!process.argv.includes('--clean'))
  await cp(path('../docs'), to, { recursive: true, filter: (from) => !from.endsWith('.png') });
