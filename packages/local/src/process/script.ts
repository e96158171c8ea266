import { fileURLToPath } from 'node:url';

/**
 * The built script that a child process or worker runs. Children cannot run TypeScript, so a caller still in `src/`
 * (a test) is given the same file in `dist/`.
 *
 * @param script Path from the package's source root, such as `stt/process.js`.
 */
export function builtScript(script: string): string {
  return fileURLToPath(new URL(`../../dist/${script}`, import.meta.url));
}
