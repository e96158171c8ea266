import type { ChatMessage } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import type { Exchange, Language } from './language.js';
import { LANGUAGES } from './languages/index.js';

/** A conversation that is sent turn by turn, with a growing history. */
export interface Script {
  language: string;
  system: string;
  call: readonly Exchange[];
}

/** Selects one request of a conversation. */
export interface PromptPosition {
  /** From 0. The turns before it are sent as history. */
  turn: number;
  /**
   * Text at the very start of the prompt. One salt per arm keeps its prefix stable and separate from other arms in the
   * provider's cache; a new salt per request breaks the prefix.
   */
  salt: string;
}

/** The messages of one request. A script shorter than the conversation starts over. */
export function messagesOf(script: Script, { turn, salt }: PromptPosition): ChatMessage[] {
  const exchange = (at: number) => script.call[at % script.call.length]!;
  const history = Array.from({ length: turn }, (_, at): ChatMessage[] => [
    { role: 'user', content: exchange(at).caller },
    { role: 'assistant', content: exchange(at).agent },
  ]).flat();
  return [
    { role: 'system', content: `(${salt}) ${script.system}` },
    ...history,
    { role: 'user', content: exchange(turn).caller },
  ];
}

/** Total length of all messages in UTF-16 code units. */
export const charactersOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0);

/** A system prompt of about this many tokens: the role, filled up with business rules. Never shorter than the role. */
export function systemPrompt(language: Language, tokens: number): string {
  const wanted = tokens * language.charactersPerToken;
  const lines = [language.role];
  let characters = language.role.length;
  for (let n = 1; characters < wanted; n += 1) {
    lines.push(language.rule(n));
    characters += lines.at(-1)!.length + 1;
  }
  return lines.join('\n');
}

/**
 * The built-in language with this code.
 * @throws FirstwordError `bad_input` for an unknown code, listing the known ones
 */
export function languageOf(code: string): Language {
  const found = LANGUAGES.find((language) => language.code === code);
  if (found) return found;
  const all = LANGUAGES.map((language) => language.code).join(', ');
  throw new FirstwordError(
    'bad_input',
    `there are no built-in prompts in "${code}": choose from ${all}, or give your own with --prompt`,
  );
}

/** The built-in scripts, one per language. */
export function builtInScripts(codes: readonly string[], systemTokens: number): Script[] {
  return codes.map((code) => {
    const language = languageOf(code);
    return { language: code, system: systemPrompt(language, systemTokens), call: language.call };
  });
}
