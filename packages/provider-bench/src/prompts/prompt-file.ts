import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import { languageOf, type Script } from './prompts.js';

const scriptSchema = z.strictObject({
  language: z.string().min(1).default('und'),
  system: z.string(),
  turns: z.array(z.strictObject({ caller: z.string().min(1), agent: z.string() })).min(1),
});

const FORM =
  '{"language": "en", "system": "…", "turns": [{"caller": "…", "agent": "…"}]}, or a list of these';

function bad(file: string, what: string, cause?: unknown): FirstwordError {
  return new FirstwordError('bad_input', `the prompt file ${file} ${what}`, { cause });
}

function scriptsOfJson(text: string, file: string): Script[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(file, `is not valid JSON. Expected: ${FORM}.`, cause);
  }
  const parsed = z
    .array(scriptSchema)
    .min(1)
    .safeParse(Array.isArray(json) ? json : [json]);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw bad(file, `is invalid at ${path.join('.') || 'the top level'}: ${message}. Expected: ${FORM}.`);
  }
  return parsed.data.map(({ language, system, turns }) => ({ language, system, call: turns }));
}

/**
 * Reads the user's own prompts. A `.json` file contains whole conversations. Any other file is a system prompt, combined
 * with the built-in caller lines of each language.
 * @param languages codes of the built-in languages; not used for a `.json` file
 * @throws FirstwordError `bad_input` for a file that cannot be read, is empty or invalid
 */
export async function readPromptFile(file: string, languages: readonly string[]): Promise<Script[]> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    throw bad(file, 'cannot be read as UTF-8 text: check its path and permissions.', cause);
  }
  if (text.trim() === '') throw bad(file, 'is empty: write a system prompt into it.');
  if (extname(file).toLowerCase() === '.json') return scriptsOfJson(text, file);
  return languages.map((code) => ({ language: code, system: text, call: languageOf(code).call }));
}
