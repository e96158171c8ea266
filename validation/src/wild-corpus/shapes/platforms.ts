import { ascending, percentile, type Random } from '@firstword/turn/statistics';
import { answering, type WildCall } from '../call.js';
import { hexDigits } from '../draw.js';
import { iso, seconds } from '../record.js';
import type { WildShape } from '../shape.js';

/** A call of Vapi's API: latencies of each turn in ms, and their means. */
function vapiCall(call: WildCall, random: Random) {
  const turns = call.turns.map((turn) => ({
    modelLatency: Math.round(answering(turn)!.ttftMs),
    voiceLatency: Math.round(turn.ttfbMs),
    transcriberLatency: Math.round(turn.transcriptionMs),
    endpointingLatency: Math.round(Math.max(0, turn.endOfTurnMs - turn.transcriptionMs)),
    turnLatency: Math.round(turn.endOfTurnMs + answering(turn)!.ttftMs + turn.heldMs + turn.ttfbMs),
  }));
  const average = (key: keyof (typeof turns)[number]) =>
    turns.reduce((sum, turn) => sum + turn[key], 0) / turns.length;
  return {
    id: [8, 4, 4, 4, 12].map((count) => hexDigits(random, count)).join('-'),
    orgId: hexDigits(random, 12),
    type: 'webCall',
    status: 'ended',
    endedReason: 'customer-ended-call',
    startedAt: iso(call.startedAtMs),
    endedAt: iso(call.startedAtMs + 180_000),
    assistant: {
      model: { provider: 'openai', model: call.stack.llm.model },
      voice: { provider: '11labs', voiceId: 'x' },
      transcriber: { provider: 'deepgram', model: 'nova-3' },
    },
    artifact: {
      messages: call.turns.flatMap((turn) => [
        {
          role: 'user',
          message: turn.userText,
          time: turn.endedAtMs - turn.spokeForMs,
          endTime: turn.endedAtMs,
          secondsFromStart: seconds(turn.endedAtMs - turn.spokeForMs - call.startedAtMs),
        },
        {
          role: 'bot',
          message: turn.answer,
          time: turn.endedAtMs + turn.e2eMs,
          endTime: turn.endedAtMs + turn.e2eMs + 2500,
          secondsFromStart: seconds(turn.endedAtMs + turn.e2eMs - call.startedAtMs),
        },
      ]),
      performanceMetrics: {
        turnLatencies: turns,
        modelLatencyAverage: average('modelLatency'),
        voiceLatencyAverage: average('voiceLatency'),
        transcriberLatencyAverage: average('transcriberLatency'),
        endpointingLatencyAverage: average('endpointingLatency'),
        turnLatencyAverage: average('turnLatency'),
      },
    },
  };
}

const vapi: WildShape = {
  id: 'vapi-call',
  sdk: 'vapi',
  carries: ['end of turn', 'ttft', 'ttfb', 'e2e'],
  isLines: false,
  print: (calls, random) => ({
    name: 'vapi-call.json',
    text: `${JSON.stringify(vapiCall(calls[0]!, random), null, 2)}\n`,
  }),
};

/** Percentiles of one component as Retell reports them, ms. */
function component(values: readonly number[]) {
  const sorted = ascending(values);
  const at = (percent: number) => Math.round(percentile(sorted, percent));
  return {
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    max: at(100),
    min: at(0),
    num: values.length,
    values: values.map(Math.round),
  };
}

function retellCall(call: WildCall, random: Random) {
  const { turns } = call;
  return {
    call_type: 'phone_call',
    call_id: hexDigits(random, 27),
    agent_id: `agent_${hexDigits(random, 20)}`,
    call_status: 'ended',
    start_timestamp: Math.round(call.startedAtMs),
    end_timestamp: Math.round(call.startedAtMs + 190_000),
    duration_ms: 190_000,
    transcript: turns.map((turn) => `User: ${turn.userText}\nAgent: ${turn.answer}`).join('\n'),
    latency: {
      e2e: component(turns.map((turn) => turn.e2eMs)),
      asr: component(turns.map((turn) => turn.transcriptionMs)),
      llm: component(turns.map((turn) => answering(turn)!.ttftMs + turn.heldMs)),
      tts: component(turns.map((turn) => turn.ttfbMs)),
    },
    disconnection_reason: 'user_hangup',
  };
}

const retell: WildShape = {
  id: 'retell-call',
  sdk: 'retell',
  carries: ['end of turn', 'ttft', 'ttfb', 'e2e'],
  isLines: false,
  print: (calls, random) => ({
    name: 'retell.json',
    text: `${JSON.stringify(retellCall(calls[0]!, random), null, 2)}\n`,
  }),
};

/** Call objects of hosted platforms. */
export const PLATFORM_SHAPES: readonly WildShape[] = [vapi, retell];
