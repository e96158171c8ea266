import { fileURLToPath } from 'node:url';

/**
 * Path of the built script for a child process or worker. Children cannot run TypeScript, so that a caller in `src/` (a
 * test) also gets the file in `dist/`.
 *
 * @param script Path from the package's source root, such as `stt/process.js`.
 */
export function builtScript(script: string): string {
  return fileURLToPath(new URL(`../../dist/${script}`, import.meta.url));
}
