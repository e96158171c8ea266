import { describe, expect, it } from 'vitest';
import { chooseToolPhrase, FAST_TOOL_MS, toolFillerDueMs } from './filler-plan.js';

const slow = { runs: 5, fastestMs: 2_000, medianMs: 2_500 };
const fast = { runs: 5, fastestMs: 200, medianMs: 300 };
const wait = { silentSinceMs: 0, hasSpoken: false, limitMs: 700 };

describe('when a filler is due', () => {
  it('is not before a tool has shown that it is no fast one', () => {
    for (const usual of [
      undefined,
      fast,
      { ...slow, runs: 1, fastestMs: 1_900 },
      { ...slow, runs: 2, fastestMs: 1_200 },
      { ...slow, fastestMs: 900 },
    ])
      expect(toolFillerDueMs({ ...wait, tools: [{ startedMs: 400, usual }] })).toBe(400 + FAST_TOOL_MS);
  });

  it('is at the start of a tool that has always been slow, unless the agent has just spoken', () => {
    const tools = [{ startedMs: 400, usual: slow }];
    expect(toolFillerDueMs({ ...wait, tools })).toBe(400);
    expect(toolFillerDueMs({ ...wait, tools, silentSinceMs: 1_500, hasSpoken: true })).toBe(2_200);
  });

  it('is by the tool that allows it first', () => {
    const tools = [
      { startedMs: 400, usual: fast },
      { startedMs: 500, usual: slow },
    ];
    expect(toolFillerDueMs({ ...wait, tools })).toBe(500);
  });
});

describe('the phrase', () => {
  const phrases = [
    { text: 'short', durationMs: 600 },
    { text: 'middle', durationMs: 1_200 },
    { text: 'long', durationMs: 2_500 },
  ];
  const choice = { phrases, recent: [], saidInTurn: [], nowMs: 1_000 };

  it('is the longest that is over before the answer, by the tool’s usual time', () => {
    const at = (medianMs: number) =>
      chooseToolPhrase({ ...choice, tools: [{ startedMs: 1_000, usual: { ...slow, medianMs } }] });
    expect(at(4_000)).toBe('long');
    expect(at(1_000)).toBe('middle');
    expect(at(50)).toBe('short');
  });

  it('is the shortest for a tool that is not known', () => {
    expect(chooseToolPhrase({ ...choice, tools: [{ startedMs: 1_000, usual: undefined }] })).toBe('short');
  });

  it('is none that was said in the turn, nor the last of the call', () => {
    const tools = [{ startedMs: 1_000, usual: undefined }];
    expect(chooseToolPhrase({ ...choice, tools, recent: ['short'] })).toBe('middle');
    expect(chooseToolPhrase({ ...choice, tools, saidInTurn: ['short', 'middle'] })).toBe('long');
    expect(chooseToolPhrase({ ...choice, tools, saidInTurn: ['short', 'middle', 'long'] })).toBeUndefined();
  });
});
