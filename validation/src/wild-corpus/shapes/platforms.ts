import { ascending, percentile, type Random } from '@firstword/turn/statistics';
import { answering, type WildCall, type WildTurn } from '../call.js';
import { hexDigits } from '../draw.js';
import { iso, type PrintedLine, seconds } from '../record.js';
import type { WildShape } from '../shape.js';

const clock = (atMs: number) => iso(atMs).replace('T', ' ').replace('Z', '');

/** A loguru line, as Pipecat's default handler prints it. */
const loguru = (atMs: number, level: string, place: string, message: string): PrintedLine => ({
  atMs,
  text: `${clock(atMs)} | ${level.padEnd(8)} | ${place} - ${message}`,
});

const METRICS = 'pipecat.processors.metrics.frame_processor_metrics';
/** Pipecat's VAD waits this long before it says that the user has stopped, ms: `VADParams.stop_secs` beside Smart Turn. */
const STOP_MS = 200;

/** Pipecat prints seconds with all digits up to 1.x, and three decimals since. */
const figure = (call: WildCall, ms: number) =>
  call.version === '1.7.0' ? `${seconds(ms).toFixed(3)}s` : String(seconds(ms));

function pipecatTurn(call: WildCall, turn: WildTurn): PrintedLine[] {
  const at = (afterMs: number) => turn.endedAtMs + afterMs;
  const asked = answering(turn)!;
  const llm = 'OpenAILLMService#0';
  const tts = 'CartesiaTTSService#0';
  const sentMs = Math.max(STOP_MS, turn.transcriptionMs) + 4;
  const textMs = sentMs + Math.max(0, asked.ttftMs) + turn.heldMs;
  const heardMs = textMs + turn.ttfbMs;
  const limited = turn.notes
    .filter(({ kind }) => kind === 'rate limited')
    .map((_note, index) =>
      loguru(
        at(sentMs + 300 + index * 1300),
        'WARNING',
        'openai._base_client:_sleep_for_retry:1081',
        `Retrying request to /chat/completions in ${0.4 * (index + 1)} seconds (HTTP/1.1 429 Too Many Requests)`,
      ),
    );
  const { promptTokens, completionTokens, reasoningTokens, cachedTokens } = asked;
  const usage = [
    `prompt tokens: ${promptTokens}, completion tokens: ${completionTokens}`,
    cachedTokens > 0 ? `, cache read input tokens: ${cachedTokens}` : '',
    reasoningTokens > 0 ? `, reasoning tokens: ${reasoningTokens}` : '',
  ].join('');
  return [
    loguru(
      at(-turn.spokeForMs),
      'DEBUG',
      'pipecat.transports.base_input:_handle_user_interruption:335',
      'User started speaking',
    ),
    loguru(
      at(STOP_MS),
      'DEBUG',
      'pipecat.transports.base_input:_handle_user_interruption:356',
      'User stopped speaking',
    ),
    ...(call.version === '1.7.0'
      ? [
          loguru(
            at(turn.transcriptionMs),
            'DEBUG',
            `${METRICS}:stop_ttfb_metrics:175`,
            `DeepgramSTTService#0 TTFB: ${figure(call, turn.transcriptionMs)}`,
          ),
        ]
      : []),
    loguru(
      at(sentMs),
      'DEBUG',
      'pipecat.services.openai.base_llm:_stream_chat_completions:315',
      `${llm}: Generating chat from universal context [{'role': 'system', 'content': 'You are a receptionist.'}, {'role': 'user', 'content': '${turn.userText.replaceAll("'", '')}'}]`,
    ),
    ...limited,
    loguru(
      at(sentMs + asked.ttftMs),
      'DEBUG',
      `${METRICS}:stop_ttfb_metrics:131`,
      `${llm} TTFB: ${figure(call, asked.ttftMs)}`,
    ),
    loguru(
      at(textMs),
      'DEBUG',
      'pipecat.services.cartesia.tts:run_tts:470',
      `${tts}: Generating TTS [${turn.answer}]`,
    ),
    loguru(
      at(sentMs + asked.durationMs),
      'DEBUG',
      `${METRICS}:start_llm_usage_metrics:173`,
      `${llm} ${usage}`,
    ),
    loguru(
      at(sentMs + asked.durationMs),
      'DEBUG',
      `${METRICS}:stop_processing_metrics:152`,
      `${llm} processing time: ${figure(call, asked.durationMs)}`,
    ),
    loguru(
      at(heardMs),
      'DEBUG',
      `${METRICS}:stop_ttfb_metrics:131`,
      `${tts} TTFB: ${figure(call, turn.ttfbMs)}`,
    ),
    loguru(
      at(heardMs + 12),
      'DEBUG',
      'pipecat.transports.base_output:_bot_started_speaking:600',
      'Bot started speaking',
    ),
    loguru(
      at(heardMs + turn.answer.length * 62),
      'DEBUG',
      'pipecat.transports.base_output:_bot_stopped_speaking:618',
      'Bot stopped speaking',
    ),
  ].sort((a, b) => a.atMs - b.atMs);
}

const pipecatLog: WildShape = {
  id: 'pipecat-log',
  sdk: 'pipecat',
  carries: ['ttft', 'tokens', 'reasoning tokens', 'ttfb', 'notes'],
  isLines: true,
  print: (calls) => calls.flatMap((call) => call.turns.flatMap((turn) => pipecatTurn(call, turn))),
};

/** Messages that a Pipecat client gets: one a line. */
const pipecatRtvi: WildShape = {
  id: 'pipecat-rtvi',
  sdk: 'pipecat',
  carries: ['ttft', 'tokens', 'reasoning tokens', 'ttfb'],
  isLines: false,
  print: (calls) => {
    const message = (type: string, data?: unknown) =>
      JSON.stringify({ label: 'rtvi-ai', type, ...(data === undefined ? {} : { data }) });
    const lines = calls.flatMap((call) =>
      call.turns.flatMap((turn) => {
        const asked = answering(turn)!;
        const { promptTokens, completionTokens, reasoningTokens } = asked;
        return [
          message('user-started-speaking'),
          message('user-stopped-speaking'),
          message('metrics', {
            ttfb: [
              { processor: 'OpenAILLMService#0', model: call.stack.llm.model, value: seconds(asked.ttftMs) },
            ],
          }),
          message('metrics', {
            processing: [
              {
                processor: 'OpenAILLMService#0',
                model: call.stack.llm.model,
                value: seconds(asked.durationMs),
              },
            ],
            tokens: [
              {
                prompt_tokens: promptTokens,
                completion_tokens: completionTokens,
                total_tokens: promptTokens + completionTokens,
                ...(reasoningTokens > 0 ? { reasoning_tokens: reasoningTokens } : {}),
              },
            ],
          }),
          message('metrics', {
            ttfb: [{ processor: 'CartesiaTTSService#0', value: seconds(turn.ttfbMs) }],
            characters: [{ processor: 'CartesiaTTSService#0', value: turn.answer.length }],
          }),
          message('bot-started-speaking'),
          message('bot-stopped-speaking'),
        ];
      }),
    );
    return { name: 'rtvi.jsonl', text: `${lines.join('\n')}\n` };
  },
};

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

/** Other platforms' logs and call objects. */
export const PLATFORM_SHAPES: readonly WildShape[] = [pipecatLog, pipecatRtvi, vapi, retell];
