import { describe, expect, it } from 'vitest';
import { fleet } from '../testing/fleet.js';
import { turnRecord } from '../testing/turn.js';
import { BoundedLabel } from './bounded-label.js';
import { TurnMetrics } from './turn-metrics.js';

const LLM = { provider: 'groq', model: 'gpt-oss-120b', emulated: true, requests: 1 };

async function linesAfter(...records: Parameters<TurnMetrics['observe']>[0][]): Promise<string[]> {
  const metrics = new TurnMetrics();
  for (const record of records) metrics.observe(record);
  return (await metrics.registry.metrics()).split('\n');
}

describe('turns as metrics', () => {
  it('count the felt gap in buckets, in seconds, with a label for emulated LLMs', async () => {
    const labels = 'provider="groq",model="gpt-oss-120b",emulated="true",transport="unknown"';
    const lines = await linesAfter(turnRecord());
    expect(lines).toContain(`firstword_felt_gap_seconds_sum{${labels}} 0.8`);
    expect(lines).toContain(`firstword_felt_gap_seconds_bucket{le="0.7",${labels}} 0`);
    expect(lines).toContain(`firstword_felt_gap_seconds_bucket{le="0.8",${labels}} 1`);
  });

  it('divide the gap among its segments', async () => {
    const sums = (await linesAfter(...fleet(20))).filter((line) =>
      line.startsWith('firstword_segment_seconds_sum'),
    );
    const total = sums.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(total).toBeCloseTo(
      fleet(20).reduce((sum, { feltGapMs }) => sum + feltGapMs! / 1000, 0),
      6,
    );
  });

  it('count what the levers did, and turns without an answer', async () => {
    const attempts = [
      { ...LLM, reason: 'primary' as const, outcome: 'cancelled' as const, startedMs: 1 },
      { ...LLM, reason: 'hedge' as const, outcome: 'won' as const, startedMs: 2, firstContentMs: 3 },
    ];
    const lines = await linesAfter(
      turnRecord({
        llm: { ...LLM, attempts, tokens: { promptTokens: 900, cachedTokens: 512 } },
        speculation: { started: 3, kept: 1, cancelled: 2, wastedTokens: 1200 },
        outcome: 'answered',
        interrupted: true,
        bargeIn: true,
        repaired: { part: 'whole', resumedMs: 400 },
        toolCalls: 2,
        interruptions: [
          { callerFromMs: 100, stoppedMs: 300, isFalse: false },
          { callerFromMs: 900, stoppedMs: 1100, isFalse: true, resumedMs: 1600 },
          { callerFromMs: 2000 },
        ],
      }),
      turnRecord({ turn: 2, marks: { speechEnded: 1 } }),
    );
    const labels = 'provider="groq",model="gpt-oss-120b"';
    for (const line of [
      'firstword_calls_total 1',
      `firstword_turns_total{${labels},emulated="true",outcome="answered"} 1`,
      `firstword_turns_total{${labels},emulated="true",outcome="unanswered"} 1`,
      `firstword_llm_attempts_total{${labels},reason="hedge",outcome="won"} 1`,
      `firstword_llm_tokens_total{${labels},type="cached"} 512`,
      'firstword_speculations_total{result="cancelled"} 2',
      'firstword_speculation_wasted_tokens_total 1200',
      'firstword_answers_interrupted_total 1',
      'firstword_barge_ins_total 1',
      'firstword_cut_offs_repaired_total 1',
      'firstword_stops_total{false="false"} 1',
      'firstword_stops_total{false="true"} 1',
      'firstword_barge_in_stop_seconds_sum 0.2',
      'firstword_false_stop_seconds_sum 0.5',
      'firstword_tool_calls_total 2',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('count failed turns by what failed, and none of their times', async () => {
    const failure = { part: 'llm', code: 'auth', status: 401 } as const;
    const lines = await linesAfter(turnRecord({ outcome: 'apology', failure }));
    const labels = 'provider="groq",model="gpt-oss-120b"';
    expect(lines).toContain(`firstword_turns_total{${labels},emulated="true",outcome="apology"} 1`);
    expect(lines).toContain(`firstword_turn_failures_total{${labels},part="llm",code="auth"} 1`);
    const counted = lines.filter((line) => /(gap|segment|ttft|ttfb)_seconds_count\{?.*\}? [1-9]/.test(line));
    expect(counted).toEqual([]);
  });

  it('leave out unrecorded times and times that went backwards', async () => {
    const lines = await linesAfter(
      turnRecord({ marks: { speechEnded: 1000, llmRequested: 900, firstContent: 800, firstAudible: 1500 } }),
    );
    const counted = lines.filter((line) => /(ttft|ttfb|delay)_seconds_count\{?.*\}? [1-9]/.test(line));
    expect(counted).toEqual([]);
  });

  it('contain no words, call ids or error texts', async () => {
    const attempt = { ...LLM, reason: 'primary' as const, outcome: 'failed' as const, startedMs: 1 };
    const text = (
      await linesAfter(
        turnRecord({
          callId: 'call-4111',
          transcript: { caller: 'my card is 4111', agent: '4111, thank you' },
          llm: { ...LLM, attempts: [{ ...attempt, error: 'bad key 4111' }] },
        }),
      )
    ).join('\n');
    expect(text).not.toContain('4111');
  });
});

it('keeps the number of series bounded, however many models there are', async () => {
  const records = Array.from({ length: 500 }, (_, at) =>
    turnRecord({ llm: { ...LLM, model: `model-${at}`, provider: `provider-${at}` } }),
  );
  const counts = (await linesAfter(...records)).filter((line) =>
    line.startsWith('firstword_felt_gap_seconds_count'),
  );
  expect(counts).toHaveLength(21);
  expect(counts.at(-1)).toMatch(/provider="other",model="other".* 480$/);
});

it('labels an unknown value, and shortens a long one', () => {
  const label = new BoundedLabel();
  expect(label.of(undefined)).toBe('unknown');
  expect(label.of('x'.repeat(500))).toHaveLength(80);
});

it('counts the gap after a barge-in, and tells stops of 50 ms apart', async () => {
  const interruptions = [
    { callerFromMs: 100, stoppedMs: 320 },
    { callerFromMs: 4000, stoppedMs: 3990 },
  ];
  const lines = await linesAfter(
    turnRecord({ bargeIn: true, interruptions }),
    turnRecord({ turn: 2 }),
    turnRecord({ turn: 3, bargeIn: true, outcome: 'apology' }),
  );
  expect(lines).toContain('firstword_barge_in_stop_seconds_bucket{le="0.2"} 0');
  expect(lines).toContain('firstword_barge_in_stop_seconds_bucket{le="0.25"} 1');
  expect(lines).toContain('firstword_barge_in_stop_seconds_count 1');
  const labels = 'provider="groq",model="gpt-oss-120b",emulated="true"';
  expect(lines).toContain(`firstword_after_barge_in_gap_seconds_count{${labels}} 1`);
  expect(lines).toContain(`firstword_after_barge_in_gap_seconds_sum{${labels}} 0.8`);
});

it('counts the responses of realtime models, their first audio and rescues', async () => {
  const lines = await linesAfter(
    turnRecord({
      llm: { ...LLM, provider: 'openai', model: 'gpt-realtime' },
      marks: { speechEnded: 0, turnEndReported: 550, responseAudio: 1050, firstAudible: 1100 },
      realtime: { responses: 3, silentResponses: 1 },
      rescue: { afterMs: 1200, isHeard: true },
    }),
  );
  const model = 'provider="openai",model="gpt-realtime"';
  expect(lines).toContain(`firstword_realtime_responses_total{${model},result="silent"} 1`);
  expect(lines).toContain(`firstword_realtime_responses_total{${model},result="other"} 2`);
  expect(lines).toContain(`firstword_realtime_first_audio_seconds_sum{${model},emulated="true"} 0.5`);
  expect(lines).toContain('firstword_end_of_turn_delay_seconds_sum 0.55');
  expect(lines).toContain('firstword_rescues_total{heard="true"} 1');
});
