#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('Firstword has not been built. In the repository, run: npm ci');
  process.exit(1);
}
const { endProcess, run } = await import(main);
await run(process.argv.slice(2));
await endProcess();
