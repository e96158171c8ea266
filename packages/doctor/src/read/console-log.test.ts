import { expect, it } from 'vitest';
import { examineText } from './examine.js';

const NODE = [
  '{"level":30,"time":1767225600000,"pid":7,"hostname":"a","endOfUtteranceDelayMs":620,"transcriptionDelayMs":310,"onUserTurnCompletedDelayMs":4,"msg":"EOU metrics"}',
  '{"level":30,"time":1767225601000,"pid":7,"hostname":"a","ttftMs":512.2,"inputTokens":900,"promptCachedTokens":0,"outputTokens":40,"msg":"LLM metrics"}',
  '{"level":30,"time":1767225601500,"pid":7,"hostname":"a","ttfbMs":180,"audioDurationMs":2000,"msg":"TTS metrics"}',
].join('\n');

const PRETTY = `[10:19:11.748] \u001b[32mINFO\u001b[39m (7): \u001b[36mEOU metrics\u001b[39m
    endOfUtteranceDelayMs: 620
    transcriptionDelayMs: 310
[10:19:12.748] INFO (7): LLM metrics
    ttftMs: 512.2
    inputTokens: 900
[10:19:13.000] INFO (7): something else
[10:19:13.748] INFO (7): TTS metrics
    ttfbMs: 180`;

const PYTHON = `2026-01-01 10:19:11,748 - INFO livekit.agents - EOU metrics {"end_of_utterance_delay": 0.62, "transcription_delay": 0.31}
2026-01-01 10:19:12,748 - INFO livekit.agents - LLM metrics {"model_name": "gpt-4o", "model_provider": "openai", "ttft": 0.51, "prompt_tokens": 900}
2026-01-01 10:19:13,748 - INFO livekit.agents - TTS metrics {"ttfb": 0.18}`;

const PYTHON_JSON = [
  { message: 'EOU metrics', level: 'INFO', end_of_utterance_delay: 0.62, transcription_delay: 0.31 },
  { message: 'LLM metrics', level: 'INFO', ttft: 0.51, prompt_tokens: 900 },
  { message: 'TTS metrics', level: 'INFO', ttfb: 0.18 },
]
  .map((line) => JSON.stringify({ ...line, timestamp: '2026-01-01T10:19:11.748000+00:00' }))
  .join('\n');

it('builds a turn from the metrics of a log in each log format', () => {
  for (const text of [NODE, PRETTY, PYTHON, PYTHON_JSON]) {
    const { turns } = examineText(text);
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({
      from: 'LiveKit console log',
      measure: 'reportedParts',
      parts: { endOfTurnMs: 620, sttFinalMs: 310, ttsMs: 180 },
    });
    expect(turns[0]!.parts.ttftMs).toBeCloseTo(511, -1);
    expect(turns[0]!.llm!.tokens!.promptTokens).toBe(900);
  }
});

it('reports where the end of each turn was logged', () => {
  const log = [NODE, '{"level":30,"msg":"between"}', NODE.replaceAll('17672256', '17672257')].join('\n');
  expect(examineText(log).turns.map(({ place }) => place)).toEqual(['pasted:1', 'pasted:5']);
});

it('counts a duplicate log once', () => {
  expect(examineText(`${NODE}\n${NODE}`).turns).toHaveLength(1);
});

it('contains the model where the log does', () => {
  expect(examineText(PYTHON).turns[0]!.llm).toMatchObject({ provider: 'openai', model: 'gpt-4o' });
});

it('treats a second request with a longer prompt as one after a tool call', () => {
  const [eou, llm, tts] = NODE.split('\n');
  const second = llm!.replace('512.2', '700').replace('"inputTokens":900', '"inputTokens":960');
  const { turns } = examineText([eou, llm, second, tts].join('\n'));
  expect(turns[0]).toMatchObject({ toolCalls: 1, parts: { ttftMs: 700 } });
  expect(turns[0]!.speculation).toBeUndefined();
});

it.each([
  ['the same prompt', '512.2', '512.2'],
  ['no first token', '512.2', '-1'],
])('treats a request before the answer with %s as a discarded speculation', (_, from, to) => {
  const [eou, llm, tts] = NODE.split('\n');
  const { turns } = examineText([eou, llm!.replace(from, to), llm!.replace('512.2', '700'), tts].join('\n'));
  expect(turns[0]).toMatchObject({
    toolCalls: 0,
    parts: { ttftMs: 700 },
    speculation: { started: 1, kept: 0, cancelled: 1 },
  });
});

it('takes the requests of one speech as a tool call’s, and those of another as discarded', () => {
  const [eou, llm, tts] = NODE.split('\n').map((line) => line.replace('{', '{"speechId":"a",'));
  expect(examineText([eou, llm, llm, tts].join('\n')).turns[0]).toMatchObject({ toolCalls: 1 });
  const other = llm!.replace('"a"', '"b"');
  expect(examineText([eou, other, llm, tts].join('\n')).turns[0]).toMatchObject({
    toolCalls: 0,
    speculation: { cancelled: 1 },
  });
});

it('makes a turn of each response of a speech-to-speech model', () => {
  const { answered, sdk } = examineText(
    '{"level":30,"time":1767225600000,"pid":7,"ttftMs":2100,"input_tokens":1300,"msg":"RealtimeModel metrics"}',
  );
  expect(answered).toHaveLength(1);
  expect(answered[0]).toMatchObject({ isRealtime: true, gapMs: 2100, measure: 'reportedParts' });
  expect(sdk).toBe('node');
});

it('takes a realtime response without a first token and without tokens for a silent one', () => {
  const line = ([ttftMs, tokens, cancelled]: readonly [number, number, boolean], at: number) =>
    `{"level":30,"time":${1767225600000 + at * 9000},"pid":7,"ttftMs":${ttftMs},"output_tokens":${tokens},"cancelled":${cancelled},"msg":"RealtimeModel metrics"}`;
  const lines = [
    [700, 40, false],
    [-1, 0, false],
    [-1, 0, true],
    [-1, 12, false],
  ] as const;
  const log = lines.map(line).join('\n');
  const { turns } = examineText(log);
  expect(turns.map(({ failure, realtime }) => [failure?.code, realtime?.silentResponses])).toEqual([
    [undefined, undefined],
    ['empty_answer', 1],
  ]);
});

it('reads reasoning tokens, and the time from the first token to the last', () => {
  const log = [
    '{"type":"eou_metrics","end_of_utterance_delay":0.6,"transcription_delay":0.3}',
    '{"type":"llm_metrics","ttft":1.5,"duration":1.6,"completion_tokens":40,"completion_tokens_details":{"reasoning_tokens":30}}',
    '{"type":"tts_metrics","ttfb":0.2}',
  ].join('\n');
  const { turns, sdk } = examineText(log);
  expect(turns[0]!.llm!.tokens!.reasoningTokens).toBe(30);
  expect(turns[0]!.parts.streamMs).toBeCloseTo(100);
  expect(sdk).toBe('python');
});

it('gives a request that was logged before the end of its turn to that turn', () => {
  const line = (type: string, atMs: number, more: string) =>
    `{"type":"${type}_metrics","timestamp":${atMs / 1000},${more}}`;
  const log = [
    line('eou', 10_000, '"end_of_utterance_delay":0.4'),
    line('llm', 10_600, '"ttft":0.41'),
    line('tts', 11_000, '"ttfb":0.1'),
    // The caller stops at 20 s; the answer is begun before the turn is committed.
    line('llm', 20_900, '"ttft":0.42'),
    line('eou', 22_500, '"end_of_utterance_delay":2.5'),
    line('tts', 23_000, '"ttfb":0.1'),
    // Its speech was interrupted: no TTS metrics.
    line('eou', 30_000, '"end_of_utterance_delay":0.4'),
    line('llm', 30_500, '"ttft":0.43'),
    line('llm', 40_900, '"ttft":0.44'),
    line('eou', 42_500, '"end_of_utterance_delay":2.5'),
  ].join('\n');
  const { turns } = examineText(log);
  expect(turns.map(({ parts }) => parts.ttftMs)).toEqual([410, 420, 430, 440]);
  expect(turns.map(({ speculation }) => speculation)).toEqual([undefined, undefined, undefined, undefined]);
});

it('separates the calls of one log by process', () => {
  const { calls } = examineText(`${NODE}\n${NODE.replaceAll('"pid":7', '"pid":8')}`);
  expect(calls).toHaveLength(2);
});

it('reads −1 as “never”, and a delay of 0 as “not known”', () => {
  const { turns } = examineText(
    NODE.replace('"ttftMs":512.2', '"ttftMs":-1').replace(
      '"transcriptionDelayMs":310',
      '"transcriptionDelayMs":0',
    ),
  );
  expect(turns[0]!.parts).toEqual({ endOfTurnMs: 620, logicMs: 4, ttsMs: 180 });
});

it('reads the warnings of a log', () => {
  const { events } =
    examineText(`{"level":40,"time":1,"extraInferenceTimeMs":420,"msg":"VAD inference is slower than realtime"}
2026-01-01 10:00:00,000 - WARNING asyncio - Executing <Task pending> took 0.350 seconds
{"level":50,"msg":"failed","error":{"status":429,"message":"Rate limit reached"}}
{"level":50,"msg":"The model \`llama-3.3-70b-versatile\` has been decommissioned"}`);
  expect(events).toEqual([
    { kind: 'slow inference', place: 'pasted:1', atMs: 1000, ms: 420 },
    { kind: 'event loop blocked', place: 'pasted:2', atMs: Date.UTC(2026, 0, 1, 10), ms: 350 },
    { kind: 'rate limited', place: 'pasted:3' },
    { kind: 'model refused', place: 'pasted:4', subject: 'llama-3.3-70b-versatile' },
  ]);
});
