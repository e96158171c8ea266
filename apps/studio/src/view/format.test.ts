import { toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { factsOf, msText } from './format.js';

describe('msText', () => {
  it.each([
    [741.6, '742'],
    [1_240, '1,240'],
    [-180, '−180'],
    [0, '0'],
    [0.25, '0.3'],
    [0.999, '1'],
    [1, '1'],
    [4.96, '5'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(msText(ms)).toBe(text);
  });
});

describe('factsOf', () => {
  const turn = { callId: 'c', turn: 1, at: '2026-11-22T10:00:00.000Z', marks: {}, toolCalls: 0 };
  const bare = { ...turn, interrupted: false, bargeIn: false };

  it('contains only what is in the record', () => {
    expect(factsOf(toTurnRecord(bare))).toEqual([]);
  });

  it('contains the known token counts and connection phases, zero included', () => {
    const llm = {
      provider: 'groq',
      model: 'gpt-oss-120b',
      emulated: true,
      requests: 1,
      tokens: { promptTokens: 1_480, cachedTokens: 0 },
      connection: { state: 'cold' as const, tcpMs: 31.2 },
    };
    expect(factsOf(toTurnRecord({ ...bare, llm }))).toEqual([
      { label: 'LLM', value: 'groq / gpt-oss-120b' },
      { label: 'Tokens', value: '1,480 in, 0 cached' },
      { label: 'Connection', value: 'cold, TCP 31 ms' },
    ]);
  });

  it('contains each tool with its time, or their number where nothing else is known', () => {
    const tools = [
      { name: 'find', startedMs: 100, endedMs: 640, isSpeculative: true },
      { name: 'book', startedMs: 700, isError: true },
    ];
    expect(factsOf(toTurnRecord({ ...bare, toolCalls: 2, tools }))).toEqual([
      { label: 'Tools', value: 'find 540 ms, before the commit; book still running, failed' },
    ]);
    expect(factsOf(toTurnRecord({ ...bare, toolCalls: 2 }))).toEqual([{ label: 'Tools', value: '2 called' }]);
  });

  it('names a realtime model, its responses and who replaced it', () => {
    const llm = { provider: 'openai', model: 'gpt-realtime', emulated: true, requests: 1 };
    const realtime = { responses: 2, silentResponses: 1, turnDetection: 'server_vad' };
    const rescue = { afterMs: 1200, isHeard: true, by: 'cascade' as const };
    expect(factsOf(toTurnRecord({ ...bare, llm, realtime, rescue }))).toEqual([
      { label: 'Realtime model', value: 'openai / gpt-realtime' },
      { label: 'Responses', value: '2 responses, 1 silent, turn ended by server_vad' },
      { label: 'Replaced', value: 'after 1,200 ms: an LLM and the TTS' },
    ]);
  });
});
