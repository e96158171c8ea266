import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { diagnosticsOf, programOf } from './support/program.js';
import { blocksOf, type Snippet } from './support/snippet-sources.js';
import { PLUGINS } from './support/snippet-surroundings.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Pages whose snippets are whole programs, or use the reader's parts. The doctor's pages have fragments. */
const PAGES = /^(README|docs\/[^/]+|packages\/[^/]+\/README|examples\/README)\.md$/;

/** What a reader has beside a snippet: names that it uses and does not declare. */
const SURROUNDINGS = `
import type * as agents from '@livekit/agents';
import type { ChatMessage, LanguageModel } from '@firstword/llm';
import type { TurnRecord } from '@firstword/turn';
declare global {
  const voice: typeof agents.voice;
  const AgentSession: typeof import('@firstword/livekit').AgentSession;
  const stt: agents.stt.STT;
  const llm: agents.llm.LLM;
  const tts: agents.tts.TTS;
  const session: agents.voice.AgentSession;
  const agent: agents.voice.Agent;
  const ctx: agents.JobContext;
  const models: LanguageModel[];
  const messages: ChatMessage[];
  const record: TurnRecord;
  const GREETING: string;
  const VOICE: string;
  /** Of vendors' packages, which are not installed here. */
  class DefaultAzureCredential {}
  const getBearerTokenProvider: (credential: object, scope: string) => () => Promise<string>;
  const fromNodeProviderChain: () => () => Promise<import('@firstword/llm').AwsCredentials>;
  const cert: string;
  const key: string;
  ${Object.entries(PLUGINS)
    .map(([name, type]) => `const ${name}: ${type};`)
    .join('\n  ')}
}
`;

/** The `ts` blocks of a page, except those that import a file of the reader's. */
function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(`${ROOT}${page}`, 'utf8');
  return blocksOf(text, page).filter(({ code }) => !/from '\./.test(code));
}

/** Type errors of the snippets, each with its place. */
function errorsOf(snippets: readonly Snippet[]): string[] {
  const surroundings = `${ROOT}tests/house/surroundings.ts`;
  const places = new Map<string, Snippet>([
    [surroundings, { place: 'surroundings', code: SURROUNDINGS }],
    ...snippets.map((snippet, at) => [`${ROOT}tests/house/snippet-${at}.ts`, snippet] as const),
  ]);
  const program = programOf(new Map([...places].map(([file, { code }]) => [file, `${code}\nexport {};\n`])));
  return [...places].flatMap(([file, { place, code }]) =>
    diagnosticsOf(program, file).map(({ messageText, start = 0 }) => {
      const line = code.slice(0, start).split('\n').at(-1) + (code.slice(start).split('\n')[0] ?? '');
      return `${place}: ${line.trim()}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    }),
  );
}

let snippets: Snippet[];
let errors: string[];

beforeAll(() => {
  const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  snippets = pages
    .split('\n')
    .filter((page) => PAGES.test(page))
    .flatMap(snippetsOf);
  const wrong = 'new voice.AgentSession({ stt, userAwayTimout: 1 });\n';
  errors = errorsOf([...snippets, { place: 'wrong', code: wrong }]);
}, 240_000);

it('compiles every snippet of the pages against what the packages export', () => {
  expect(snippets.length).toBeGreaterThan(20);
  expect(errors.filter((error) => !error.startsWith('wrong: '))).toEqual([]);
});

it('finds an option that does not exist', () => {
  expect(errors.filter((error) => error.startsWith('wrong: ')).join('\n')).toContain('userAwayTimout');
});
