import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';

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
  /** LiveKit's plugins, which are not installed here: the options that the snippets use. */
  const deepgram: { STTv2: new (options: { eagerEotThreshold?: number }) => agents.stt.STT };
  const elevenlabs: { TTS: new (options: { model?: string }) => agents.tts.TTS };
}
`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  // A snippet in JavaScript is shown as it runs.
  noImplicitAny: false,
  skipLibCheck: true,
  noEmit: true,
};

interface PageSnippet {
  place: string;
  code: string;
}

/** The `ts` blocks of a page, except those that import a file of the reader's. */
function snippetsOf(page: string): PageSnippet[] {
  const text = readFileSync(`${ROOT}${page}`, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    .map(({ index, 1: code = '' }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
      code,
    }))
    .filter(({ code }) => !/from '\./.test(code));
}

/** Type errors of the snippets, each with its place. */
function errorsOf(snippets: readonly PageSnippet[]): string[] {
  const surroundings = `${ROOT}tests/house/surroundings.ts`;
  const files = new Map([[surroundings, SURROUNDINGS]]);
  const places = new Map<string, PageSnippet>();
  for (const [at, snippet] of snippets.entries()) {
    const file = `${ROOT}tests/house/snippet-${at}.ts`;
    files.set(file, `${snippet.code}\nexport {};\n`);
    places.set(file, snippet);
  }
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, options, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, options, ...rest)
      : ts.createSourceFile(name, text, options);
  };
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const { place, code } = places.get(file) ?? { place: 'surroundings', code: SURROUNDINGS };
        const line = code.slice(0, start).split('\n').at(-1) + (code.slice(start).split('\n')[0] ?? '');
        return `${place}: ${line.trim()}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
}

let snippets: PageSnippet[];
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
