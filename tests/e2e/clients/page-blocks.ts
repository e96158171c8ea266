import { readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface PageBlock {
  /** `page:line` of its first line. */
  place: string;
  /** Its language, such as `python`. */
  language: string;
  /** The file that the page tells the reader to save it as. */
  file?: string;
  code: string;
}

/** The fenced blocks of `docs/PAGE.md`, with the gateway's address in place of the page's. */
export function pageBlocks(page: string, origin: string): PageBlock[] {
  const text = readFileSync(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${page}.md:${text.slice(0, match.index).split('\n').length + 1}`,
    language: match[1]!,
    ...(match[2] && { file: match[2] }),
    code: match[3]!.replaceAll(/http:\/\/127\.0\.0\.1:4100|https:\/\/llm\.example\.com/g, origin),
  }));
}

/** The commands of a shell block, one each; a line that ends with a backslash continues. */
export function commandsOf({ code }: PageBlock): string[] {
  return code
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s{2,}#.*$/, '').trim())
    .filter((line) => line !== '');
}
