import { readFileSync } from 'node:fs';
import { FirstwordError } from '@firstword/turn';

/** Where a secret comes from: never from the command line itself, which every user of the machine can list. */
export interface SecretSource {
  /** A file that holds the secret and nothing else; line breaks at its end are ignored. */
  file?: string | undefined;
  /** Name of an environment variable. */
  variable?: string | undefined;
}

/**
 * Reads a secret from the file, otherwise from the environment variable. `undefined` without a source.
 * @throws FirstwordError `bad_input` for a file that cannot be read, an unset variable, or an empty secret
 */
export function readSecret(
  { file, variable }: SecretSource,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (file !== undefined) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
    } catch (cause) {
      throw new FirstwordError('bad_input', `the secret cannot be read from ${file}: check the path`, {
        cause,
      });
    }
    if (text === '') throw new FirstwordError('bad_input', `${file} is empty: write the secret into it`);
    return text;
  }
  if (variable === undefined) return undefined;
  const value = env[variable];
  if (value) return value;
  throw new FirstwordError('bad_input', `the environment variable ${variable} is not set`);
}
