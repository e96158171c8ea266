import { readdirSync, readFileSync } from 'node:fs';
// Not published, so the package does not export it.
import {
  type FuzzedStream,
  makeStream,
  readStream,
} from '../../../../packages/llm/dist/testing/fuzz-streams.js';
import type { FuzzTarget } from './target.js';

const RECORDED = new URL('../../../../packages/llm/src/testing/recorded/', import.meta.url);
/** Recordings that are not named after their provider. */
const PROVIDER_OF: Record<string, string> = {
  'gemini-3': 'gemini',
  'llama-cpp': 'llama.cpp',
  'openai-tools': 'openai',
};

const recorded = readdirSync(RECORDED)
  .filter((name) => name.endsWith('.sse'))
  .map((name) => {
    const stem = name.slice(0, -'.sse'.length);
    return { provider: PROVIDER_OF[stem] ?? stem, text: readFileSync(new URL(name, RECORDED), 'utf8') };
  });

/** The first two events of a stream and its last two, which are read in half the time. */
function shortened(text: string): string {
  const events = text.split('\n\n');
  return [...events.slice(0, 2), ...events.slice(Math.max(2, events.length - 3))].join('\n\n');
}

/** Each recording once whole, and three times shortened. */
const samples = recorded.flatMap(({ provider, text }) =>
  [text, ...Array<string>(3).fill(shortened(text))].map((one) => ({ provider, bytes: Buffer.from(one) })),
);

/** The readers of LLM streams: recorded streams of every provider, broken as a server could break them. */
export const wires: FuzzTarget<FuzzedStream> = {
  name: 'wires',
  make: (random) => makeStream(samples, random),
  read: (input) => {
    readStream(input);
  },
};
