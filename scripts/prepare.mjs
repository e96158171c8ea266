// Builds after `npm ci`, so that `npm start` works immediately. Without the build tools (`--omit=dev`) it does not fail
// the install, but prints how to get a built tree without them.
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
    'Not built, because the build tools are not installed. For a built tree without them: npm ci && npm prune --omit=dev',
  );
}
