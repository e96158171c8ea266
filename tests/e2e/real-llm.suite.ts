import { join } from 'node:path';
import { readRun, type Sample } from '@firstword/bench/providers';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { CannotRun, type RealServer, startRealServer } from '../../packages/llm/bench/real-server.js';
import { finished, firstword } from './support/cli.js';
import { tempDir } from './support/temp.js';

/** How far the client may lie from what the server says of itself, ms. */
const AGREED_MS = 5;
const TURNS = 12;

const stop = new AbortController();
let server: RealServer | undefined;
let why: string | undefined;
try {
  server = await startRealServer({ signal: stop.signal });
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  why = error.message;
  console.warn(`NOT RUN: no real LLM server can be had here: ${why}`);
}
afterAll(() => server?.stop());

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** What the client waited beyond what the server says that reading the prompt took, ms. */
const beyondServerMs = ({ phases, providerTime }: Sample) =>
  phases.firstContentMs! - phases.connectionReadyMs! - providerTime!.prefillMs!;

const text = (values: number[]) => values.map((value) => value.toFixed(1)).join(' ');

describe.skipIf(why !== undefined)('a real OpenAI-compatible server', () => {
  it('agrees with the bench about the time to first content', async (context) => {
    const dir = await tempDir();
    const file = join(dir, 'run.json');
    const target = `llama.cpp:smollm2@${server!.baseUrl}`;
    const shape = [
      '--system-tokens',
      '200',
      '--max-tokens',
      '4',
      '--languages',
      'en',
      '--history-turns',
      '2',
    ];
    const cli = firstword(['bench', target, '-n', String(TURNS), '--pace', '0.3', '--out', file, ...shape]);
    onTestFinished(() => cli.kill());
    expect((await finished(cli)).code).toBe(0);
    const { samples } = await readRun(file);
    const counted = samples.filter(({ warmUp, error }) => !warmUp && !error);
    expect(counted.length).toBe(TURNS);
    expect(counted.every(({ tokens }) => tokens!.promptTokens! > 50)).toBe(true);
    // The server's own work before it begins to read (template, tokenizer) counts on the client's side.
    const sound = counted.filter(({ machine }) => machine.spoiled.length === 0);
    const beyondMs = sound.map(beyondServerMs);
    const headersMs = sound.map(({ phases }) => phases.headersMs!);
    console.log(
      `${server!.what}: client beyond server, ms: ${text(beyondMs)}; of that until headers: ${text(headersMs)}; spoiled: ${TURNS - sound.length}`,
    );
    if (sound.length < TURNS / 2)
      return context.skip('NOT TOLD: this machine was too busy for figures of ms');
    const afterHeadersMs = beyondMs.map((ms, at) => ms - headersMs[at]!);
    expect(Math.abs(median(afterHeadersMs))).toBeLessThanOrEqual(AGREED_MS);
    // The whole holds on a machine that does nothing else: the server's template and tokenizer want the CPU, too.
    expect(Math.abs(median(beyondMs))).toBeLessThanOrEqual(AGREED_MS);
  });
});
