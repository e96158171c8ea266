import { readFile } from 'node:fs/promises';

/** The SHA-256 of a file, in hexadecimal, computed off the event loop. */
export async function sha256Of(file: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', (await readFile(file)) as Uint8Array<ArrayBuffer>);
  return Buffer.from(digest).toString('hex');
}
