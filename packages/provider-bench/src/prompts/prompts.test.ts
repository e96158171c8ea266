import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenCounter } from '@firstword/llm';
import { toTurnRecord } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from './languages/index.js';
import { readPromptFile } from './prompt-file.js';
import { builtInScripts, messagesOf, systemPrompt } from './prompts.js';
import { replayedScripts } from './replay.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-prompts-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe.each(LANGUAGES.map((language) => [language.code, language] as const))('%s', (_code, language) => {
  it('has a system prompt of the requested size, in o200k tokens', async () => {
    const counter = await loadTokenCounter({ model: 'gpt-4o' });
    const tokens = counter.count(systemPrompt(language, 1500));
    expect(Math.abs(tokens / 1500 - 1)).toBeLessThan(0.06);
  });

  it('has distinct rules, and a call of eight turns', () => {
    expect(language.rule(1)).not.toBe(language.rule(2));
    expect(language.call.length).toBe(8);
  });
});

describe('messagesOf', () => {
  const [script] = builtInScripts(['en'], 100);

  it('grows with the history, and ends with the current caller line', () => {
    const messages = messagesOf(script!, { turn: 2, salt: 's' });
    expect(messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    expect(messages.at(-1)!.content).toBe(script!.call[2]!.caller);
  });

  it('keeps the prefix of the previous turn under the same salt', () => {
    const [before, after] = [1, 2].map((turn) => JSON.stringify(messagesOf(script!, { turn, salt: 's' })));
    expect(after!.startsWith(before!.slice(0, -1))).toBe(true);
  });

  it('differs from the first characters on under another salt', () => {
    const [a, b] = ['x', 'y'].map((salt) => String(messagesOf(script!, { turn: 0, salt })[0]!.content));
    expect(a!.slice(0, 2)).not.toBe(b!.slice(0, 2));
  });

  it('starts over after the last turn', () => {
    expect(messagesOf(script!, { turn: 8, salt: 's' }).at(-1)!.content).toBe(script!.call[0]!.caller);
  });
});

it('rejects an unknown language', () => {
  expect(() => builtInScripts(['xx'], 10)).toThrow(/en, hi/);
});

describe('readPromptFile', () => {
  const file = async (name: string, content: string | Buffer) => {
    const path = join(dir, name);
    await writeFile(path, content);
    return path;
  };

  it('uses text as the system prompt, with the built-in caller lines', async () => {
    const [script] = await readPromptFile(await file('agent.txt', 'You are Ada.'), ['hi']);
    expect(script!.system).toBe('You are Ada.');
    expect(script!.call.length).toBe(8);
  });

  it('reads whole conversations from JSON', async () => {
    const call = { language: 'sv', system: 'S', turns: [{ caller: 'Hej', agent: 'Hej' }] };
    expect(await readPromptFile(await file('a.json', JSON.stringify([call])), ['en'])).toEqual([
      { language: 'sv', system: 'S', call: call.turns },
    ]);
  });

  it.each([
    ['empty.txt', ' ', /is empty/],
    ['binary.txt', Buffer.from([0xff, 0xfe, 0x80]), /UTF-8/],
    ['broken.json', '{', /not valid JSON/],
    ['other.json', '{"system": "x"}', /is invalid at 0.turns/],
  ])('rejects %s', async (name, content, message) => {
    await expect(readPromptFile(await file(name, content), ['en'])).rejects.toThrow(message);
  });

  it('rejects a missing file', async () => {
    await expect(readPromptFile(join(dir, 'nope.txt'), ['en'])).rejects.toThrow(/cannot be read/);
  });
});

describe('replayedScripts', () => {
  const record = (callId: string, turn: number, transcript?: { caller: string; agent: string }) =>
    JSON.stringify(
      toTurnRecord({
        callId,
        turn,
        at: '2026-11-23T10:00:00.000Z',
        marks: {},
        interrupted: false,
        bargeIn: false,
        toolCalls: 0,
        ...(transcript ? { transcript } : {}),
      }),
    );
  const replay = async (name: string, lines: string[]) => {
    const path = join(dir, name);
    await writeFile(path, `${lines.join('\n')}\n`);
    const { signal } = new AbortController();
    return replayedScripts({ path, system: 'S', language: 'en', signal });
  };

  it('makes one conversation per call', async () => {
    const said = { caller: 'a', agent: 'b' };
    const scripts = await replay('calls.jsonl', [
      record('1', 1, said),
      record('2', 1, said),
      record('1', 2, said),
    ]);
    expect(scripts.map(({ call }) => call.length)).toEqual([2, 1]);
  });

  it('explains how to record transcripts where there are none', async () => {
    await expect(replay('silent.jsonl', [record('1', 1)])).rejects.toThrow(/--transcripts/);
  });
});
