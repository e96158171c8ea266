// Builds after `npm ci`, so that `npm start` works at once. Where the build tools are left out (`--omit=dev`), says how
// to get a built tree without them instead of failing the install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

function isInstalled(name) {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

if (['typescript', 'vite'].every(isInstalled)) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
} else if (!existsSync(new URL('../packages/firstword/dist', import.meta.url))) {
  console.log(
    'Not built: the build tools are left out. For a lean, built tree: npm ci && npm prune --omit=dev',
  );
}
