import type { ChatMessage } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import type { Exchange, Language } from './language.js';
import { LANGUAGES } from './languages/index.js';

/** A conversation that is asked turn by turn, its history growing. */
export interface Script {
  language: string;
  system: string;
  call: readonly Exchange[];
}

/** Which request of a conversation is wanted. */
export interface PromptPosition {
  /** From 0; what was said before it goes along as history. */
  turn: number;
  /**
   * Stands at the very start of the prompt. The same for all requests of an arm keeps its prefix stable, and apart from
   * the prefixes of other arms in a provider's cache; another for each request breaks it.
   */
  salt: string;
}

/** The messages of one request. The turns of a short script come round again. */
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

/** Characters of all messages, as JavaScript counts them. */
export const charactersOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0);

/** A system prompt of about this many tokens: the role, and lines of the house book. Never shorter than the role. */
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

/** @throws FirstwordError `bad_input` for a language that there is not, naming those there are */
export function languageOf(code: string): Language {
  const found = LANGUAGES.find((language) => language.code === code);
  if (found) return found;
  const all = LANGUAGES.map((language) => language.code).join(', ');
  throw new FirstwordError(
    'bad_input',
    `there are no prompts in "${code}": choose from ${all}, or give your own with --prompt`,
  );
}

/** The built-in scripts, one a language. */
export function builtInScripts(codes: readonly string[], systemTokens: number): Script[] {
  return codes.map((code) => {
    const language = languageOf(code);
    return { language: code, system: systemPrompt(language, systemTokens), call: language.call };
  });
}
