// Copies the pages of the doctor's rules into the package before it is packed, for `firstword doctor --explain`.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const to = path('../packages/firstword/docs');

await rm(to, { recursive: true, force: true });
await cp(path('../docs/doctor'), `${to}/doctor`, { recursive: true });
