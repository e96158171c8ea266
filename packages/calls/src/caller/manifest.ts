import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { FirstwordError } from '@firstword/turn';

/** What a manifest says of a recording. */
export interface ManifestEntry {
  speaker?: string;
  text?: string;
}

async function read(dir: string): Promise<Map<string, ManifestEntry> | undefined> {
  const path = join(dir, 'manifest.jsonl');
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new FirstwordError('bad_input', `${path} cannot be read: make it a file that you may read`, {
      cause,
    });
  });
  if (text === undefined) return undefined;
  const entries = new Map<string, ManifestEntry>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    let entry: Record<string, unknown> | null;
    try {
      entry = JSON.parse(line) as Record<string, unknown> | null;
    } catch (cause) {
      throw new FirstwordError('bad_input', `${path}:${i + 1} is no JSON: correct the line or remove it`, {
        cause,
      });
    }
    const { file, speaker, text: words } = entry ?? {};
    if (typeof file !== 'string') continue;
    entries.set(file, {
      ...(typeof speaker === 'string' ? { speaker } : {}),
      ...(typeof words === 'string' ? { text: words } : {}),
    });
  }
  return entries;
}

/**
 * Speakers and words of the recordings in a folder, from a `manifest.jsonl` in it or in its parent: one JSON object a line, with
 * `file` relative to the manifest, and optionally `speaker` and `text`.
 * @returns what is known of a file, by its path
 * @throws FirstwordError `bad_input` for a manifest that cannot be read, or a line that is no JSON
 */
export async function readManifest(dir: string): Promise<(path: string) => ManifestEntry> {
  for (const place of [dir, dirname(dir)]) {
    const entries = await read(place);
    if (entries) return (path) => entries.get(relative(place, path).split(sep).join('/')) ?? {};
  }
  return () => ({});
}
