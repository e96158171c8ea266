// Builds after `npm ci`, so that `npm start` works at once. Where the compiler is not installed (`--omit=dev`),
// says how to get a build instead of failing the install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let compiler;
try {
  compiler = require.resolve('typescript');
} catch {
  const built = existsSync(new URL('../packages/cli/dist', import.meta.url));
  if (!built)
    console.log('Not built: typescript is left out. Run `npm ci && npm prune --omit=dev` for a lean tree.');
}
if (compiler) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
