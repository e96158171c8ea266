import { describe, expect, it } from 'vitest';
import type { Marks } from '../marks.js';
import { ledger } from './ledger.js';

/** Server VAD of 500 ms, chunks of 100 ms, 40 ms of network, 20 ms to the response, 400 ms to its audio. */
const TURN: Marks = {
  speechEnded: 0,
  turnEndAudio: 500,
  turnEndSent: 560,
  turnEndReported: 600,
  responseCreated: 620,
  firstContent: 1010,
  responseAudio: 1020,
  framePublished: 1022,
  firstAudible: 1030,
};
const CONTEXT = {
  llmProvider: 'openai',
  ttsProvider: 'openai',
  turnDetectionSetting: 'turnDetection.silence_duration_ms',
};
const lines = (marks: Marks, context = {}) =>
  ledger(marks, context).segments.map(
    ({ name, durationMs, owner, gainMs }) =>
      `${name}: ${durationMs} (${'name' in owner ? `${owner.kind} ${owner.name}` : owner.kind}) ${gainMs}`,
  );

describe('the ledger of a realtime turn', () => {
  it('divides the gap between turn detection, network, model and playout', () => {
    expect(lines(TURN, CONTEXT)).toEqual([
      'provider turn detection: 500 (setting turnDetection.silence_duration_ms) 500',
      'audio chunk: 60 (app) 60',
      'provider round trip: 40 (network) 40',
      'response created: 20 (provider openai) 20',
      'model first audio: 400 (provider openai) 400',
      'audio hand-off: 2 (app) 2',
      'leading silence: 8 (provider openai) 8',
    ]);
  });

  it('has one segment up to the end of the turn if the provider does not say where in the audio it decided', () => {
    const { turnEndAudio: _, turnEndSent: __, ...marks } = TURN;
    expect(lines(marks)[0]).toBe('provider end of turn: 600 (provider llm) 600');
  });

  it('starts at the commit where the session ends the turns', () => {
    const { turnEndAudio: _, turnEndSent: __, turnEndReported: ___, ...marks } = TURN;
    const found = lines({ ...marks, endpointingElapsed: 300, turnCommitted: 310 }, CONTEXT);
    expect(found.slice(0, 3)).toEqual([
      'end-of-turn wait: 300 (setting endpointing) 300',
      'turn decision: 10 (setting turnDetection) 10',
      'response created: 310 (provider openai) 310',
    ]);
  });

  it('has tools on its path if the model speaks after them, and hides them if it speaks before', () => {
    const tools = { firstContent: 700, toolsReturned: 900 };
    expect(lines({ ...TURN, ...tools }).slice(4, 7)).toEqual([
      'LLM first content: 80 (provider llm) 80',
      'tools: 200 (app) 200',
      'model after tools: 120 (provider llm) 120',
    ]);
    const spokenFirst = ledger({ ...TURN, toolsReturned: 1500 });
    expect(spokenFirst.segments.map(({ name }) => name)).not.toContain('tools');
    expect(spokenFirst.hidden.map(({ name }) => name)).toContain('tools');
  });

  it('names the wait for a rescue and its setting', () => {
    const found = lines({
      ...TURN,
      rescueStarted: 1800,
      firstContent: 2000,
      responseAudio: 2010,
      framePublished: 2012,
      firstAudible: 2020,
    });
    expect(found).toContainEqual(
      expect.stringMatching(/^wait for the rescue: 1200 .setting rescue.afterMs. /),
    );
    expect(found).toContain('model first audio: 210 (provider llm) 210');
  });

  it('hands text to a TTS in text mode', () => {
    const { responseAudio: _, ...marks } = TURN;
    const speech = {
      firstClause: 1030,
      ttsRequested: 1031,
      ttsFirstByte: 1100,
      framePublished: 1101,
      firstAudible: 1110,
    };
    expect(ledger({ ...marks, ...speech }).segments.map(({ name }) => name)).toEqual([
      'provider turn detection',
      'audio chunk',
      'provider round trip',
      'response created',
      'LLM first content',
      'first clause',
      'hand-off to the TTS',
      'TTS first byte',
      'audio hand-off',
      'leading silence',
    ]);
  });
});
