import { expect, it } from 'vitest';
import { seededRandom } from '../statistics/index.js';
import { type ToolTurn, toolSilenceOf } from './tool-silence.js';

/** The caller stops at 1,000; the tool runs from 1,500 to 4,500; the answer is heard at 5,000. */
const SILENT: ToolTurn = {
  marks: { speechEnded: 1_000, turnCommitted: 1_300 },
  tools: [{ name: 'look_up', startedMs: 1_500, endedMs: 4_500 }],
  afterTools: [{ requestedMs: 4_510, firstContentMs: 4_800 }],
  speech: [{ fromMs: 5_000, toMs: 7_000 }],
};

it('divides the silence of a tool without words', () => {
  const found = toolSilenceOf(SILENT, { endpointingSetting: 'endpointing.minDelay', llmProvider: 'groq' });
  expect(found).toMatchObject({ longestMs: 4_000, afterCallerMs: 4_000 });
  expect(found!.afterAgentMs).toBeUndefined();
  expect(found!.segments.map(({ name, durationMs }) => [name, durationMs])).toEqual([
    ['end of turn', 300],
    ['LLM to the tool call', 200],
    ['tools', 3_000],
    ['between tools and LLM', 10],
    ['LLM after tools', 290],
    ['TTS after tools', 200],
  ]);
  expect(found!.segments[1]!.owner).toEqual({ kind: 'provider', name: 'groq' });
});

it('counts from words and fillers as they end', () => {
  const spoken: ToolTurn = {
    ...SILENT,
    speech: [
      { fromMs: 1_600, toMs: 2_400 },
      { fromMs: 3_100, toMs: 3_900, isFiller: true },
      { fromMs: 5_000, toMs: 7_000 },
    ],
  };
  const found = toolSilenceOf(spoken)!;
  expect(found).toMatchObject({ longestMs: 1_100, afterCallerMs: 600, afterAgentMs: 1_100 });
  expect(found.segments.map(({ name }) => name)).toEqual([
    'tools',
    'between tools and LLM',
    'LLM after tools',
    'TTS after tools',
  ]);
});

it('does not take a filler for the answer, nor anything if none came', () => {
  const filler = { fromMs: 4_600, toMs: 4_700, isFiller: true };
  expect(toolSilenceOf({ ...SILENT, speech: [filler] })).toBeUndefined();
  expect(toolSilenceOf({ ...SILENT, tools: [{ name: 'look_up', startedMs: 1_500 }] })).toBeUndefined();
  expect(toolSilenceOf({ ...SILENT, speech: undefined })).toBeUndefined();
  expect(toolSilenceOf({ ...SILENT, tools: [] })).toBeUndefined();
});

it('knows an answer that followed the words before the tool without a pause', () => {
  const found = toolSilenceOf({ ...SILENT, speech: [{ fromMs: 1_600, toMs: 9_000 }] });
  expect(found).toMatchObject({ longestMs: 600, afterCallerMs: 600 });
});

it('has segments that sum to the silence exactly', () => {
  const random = seededRandom(1, 'tools');
  const at = () => 1_000 + random.uniform() * 5_000;
  for (let trial = 0; trial < 2_000; trial++) {
    const span = (): [number, number] => {
      const [a, b] = [at(), at()];
      return [Math.min(a, b), Math.max(a, b)];
    };
    const some = <T>(make: () => T): T[] =>
      Array.from({ length: 1 + Math.floor(random.uniform() * 3) }, make);
    const found = toolSilenceOf({
      marks: { speechEnded: 1_000, turnCommitted: at() },
      tools: some(() => {
        const [startedMs, endedMs] = span();
        return { name: 'a', startedMs, endedMs };
      }),
      afterTools: some(() => {
        const [requestedMs, firstContentMs] = span();
        return { requestedMs, firstContentMs };
      }),
      speech: some(() => {
        const [fromMs, toMs] = span();
        return { fromMs, toMs, isFiller: random.uniform() < 0.3 };
      }),
    });
    if (!found) continue;
    const microseconds = found.segments.reduce(
      (sum, { durationMs }) => sum + Math.round(durationMs * 1000),
      0,
    );
    expect(microseconds).toBe(Math.round(found.longestMs * 1000));
  }
});
