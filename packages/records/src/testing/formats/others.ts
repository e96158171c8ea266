import { rfc3339, SAMPLE_TURNS } from './turns.js';

const e2eSeconds = ({ endOfTurnMs, ttftMs, ttfbMs }: (typeof SAMPLE_TURNS)[number]): number =>
  (endOfTurnMs + ttftMs + ttfbMs + 70) / 1000;

const callerMetrics = (turn: (typeof SAMPLE_TURNS)[number]) => ({
  stopped_speaking_at: turn.atMs / 1000,
  transcription_delay: turn.transcriptionMs / 1000,
  end_of_turn_delay: turn.endOfTurnMs / 1000,
});
const agentMetrics = (turn: (typeof SAMPLE_TURNS)[number]) => ({
  started_speaking_at: turn.atMs / 1000 + e2eSeconds(turn),
  llm_node_ttft: turn.ttftMs / 1000,
  tts_node_ttfb: turn.ttfbMs / 1000,
  e2e_latency: e2eSeconds(turn),
});
const items = SAMPLE_TURNS.flatMap((turn, at) => [
  {
    id: `item_u${at}`,
    type: 'message',
    role: 'user',
    content: ['a table for two'],
    interrupted: false,
    created_at: (turn.atMs + turn.endOfTurnMs) / 1000,
    metrics: callerMetrics(turn),
  },
  {
    id: `item_a${at}`,
    type: 'message',
    role: 'assistant',
    content: ['Certainly.'],
    interrupted: false,
    created_at: turn.atMs / 1000 + e2eSeconds(turn),
    metrics: agentMetrics(turn),
  },
]);
const logged = items.map(({ type: _, role, content, created_at, ...item }) => ({
  'chat.item': {
    message: {
      ...item,
      role: role.toUpperCase(),
      content: content.map((text) => ({ text })),
      created_at: rfc3339(created_at * 1000),
    },
  },
  job_id: 'AJ_oak',
}));
const quoted = (value: unknown): string => JSON.stringify(JSON.stringify(value));
const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);
const pythonText = (value: unknown): string =>
  JSON.stringify(value).replaceAll('"', "'").replaceAll(':false', ': False');

/** Chat histories of the sample turns, as people copy them. */
export const HISTORIES: Readonly<Record<string, string>> = {
  'chat.item lines': logged.map((item) => JSON.stringify(item)).join('\n'),
  'pretty-printed chat.item documents': logged.map(pretty).join('\n'),
  'pretty-printed, with commas between': logged.map(pretty).join(',\n'),
  'a Markdown fence': `This is what I see:\n\`\`\`json\n${logged.map(pretty).join('\n')}\n\`\`\`\nany idea?`,
  'escaped JSON': logged.map(quoted).join('\n'),
  'escaped JSON without its quotes': logged.map((item) => quoted(item).slice(1, -1)).join('\n'),
  'conversation_item_added events': items
    .map((item) => JSON.stringify({ type: 'conversation_item_added', item, created_at: item.created_at }))
    .join('\n'),
  'print(item) of Python': items
    .map((item) =>
      Object.entries(item)
        .map(([name, value]) => `${name}=${pythonText(value)}`)
        .join(' '),
    )
    .join('\n'),
  'repr(item) of Python': items
    .map(
      (item) =>
        `added ChatMessage(${Object.entries(item)
          .map(([name, value]) => `${name}=${pythonText(value)}`)
          .join(', ')})`,
    )
    .join('\n'),
  'a session report': pretty({
    job_id: 'AJ_oak',
    room_id: 'RM_oak',
    room: 'oak',
    events: [],
    options: { min_endpointing_delay: 0.5 },
    chat_history: { items },
  }),
  'only the metrics': items.map(({ metrics }) => pythonText(metrics)).join('\n'),
};

const at = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

/** Calls of other platforms, three turns each. */
export const PLATFORM_CALLS: Readonly<Record<string, string>> = {
  Vapi: pretty({
    id: 'c-oak',
    orgId: 'o-oak',
    type: 'webCall',
    startedAt: new Date(SAMPLE_TURNS[0].atMs).toISOString(),
    assistant: { model: { provider: 'openai', model: 'oak-1' } },
    artifact: {
      performanceMetrics: {
        turnLatencies: SAMPLE_TURNS.map((turn) => ({
          modelLatency: turn.ttftMs,
          voiceLatency: turn.ttfbMs,
          transcriberLatency: turn.transcriptionMs,
          endpointingLatency: turn.endOfTurnMs - turn.transcriptionMs,
          turnLatency: turn.endOfTurnMs + turn.ttftMs + turn.ttfbMs,
        })),
      },
    },
  }),
  Retell: JSON.stringify({
    call_id: 'call_oak',
    agent_id: 'agent_oak',
    call_status: 'ended',
    start_timestamp: SAMPLE_TURNS[0].atMs,
    latency: {
      e2e: { p50: 1300, values: SAMPLE_TURNS.map((turn) => e2eSeconds(turn) * 1000) },
      asr: { p50: 310, values: SAMPLE_TURNS.map((turn) => turn.transcriptionMs) },
      llm: { p50: 480, values: SAMPLE_TURNS.map((turn) => turn.ttftMs) },
      tts: { p50: 190, values: SAMPLE_TURNS.map((turn) => turn.ttfbMs) },
    },
  }),
  'Pipecat log': SAMPLE_TURNS.flatMap((turn) => [
    `${at(turn.atMs)} | DEBUG    | pipecat.audio.vad_processor:_handle:78 - VADProcessor#0: User stopped speaking`,
    `${at(turn.atMs + 310)} | DEBUG    | pipecat.processors.metrics.frame_processor_metrics:stop_ttfb_metrics:178 - OakSTTService#0 TTFB: ${(turn.transcriptionMs / 1000).toFixed(3)}s`,
    `${at(turn.atMs + 320)} | DEBUG    | pipecat.services.openai.base_llm:_stream:325 - OpenAILLMService#0: Generating chat from context [{'role': 'user'}]`,
    `${at(turn.atMs + 800)} | DEBUG    | pipecat.processors.metrics.frame_processor_metrics:stop_ttfb_metrics:178 - OpenAILLMService#0 TTFB: ${(turn.ttftMs / 1000).toFixed(3)}s`,
    `${at(turn.atMs + 990)} | DEBUG    | pipecat.processors.metrics.frame_processor_metrics:stop_ttfb_metrics:178 - OakTTSService#0 TTFB: ${turn.ttfbMs / 1000}`,
    `${at(turn.atMs + 1010)} | DEBUG    | pipecat.transports.base_output:_bot_started_speaking:706 - Bot started speaking`,
  ]).join('\n'),
  'Pipecat RTVI': SAMPLE_TURNS.flatMap((turn) => [
    { label: 'rtvi-ai', type: 'user-stopped-speaking' },
    {
      label: 'rtvi-ai',
      type: 'metrics',
      data: {
        ttfb: [
          { processor: 'OakSTTService#0', value: turn.transcriptionMs / 1000 },
          { processor: 'OpenAILLMService#0', model: 'oak-1', value: turn.ttftMs / 1000 },
        ],
      },
    },
    {
      label: 'rtvi-ai',
      type: 'metrics',
      data: {
        ttfb: [{ processor: 'OakTTSService#0', value: turn.ttfbMs / 1000 }],
        tokens: [{ prompt_tokens: 812, completion_tokens: 31, total_tokens: 843 }],
      },
    },
    { label: 'rtvi-ai', type: 'bot-started-speaking' },
  ])
    .map((message) => JSON.stringify(message))
    .join('\n'),
};

/** What holds no turns, by the beginning of the name that it is refused with. */
export const REFUSED: Readonly<Record<string, string>> = {
  'Twilio Voice Insights': JSON.stringify({
    account_sid: 'AC0',
    call_sid: 'CA0',
    call_type: 'carrier',
    call_state: 'completed',
    carrier_edge: { metrics: { inbound: { jitter: { avg: 2.1 } } } },
  }),
  'OTLP metrics': JSON.stringify({
    resourceMetrics: [
      {
        scopeMetrics: [{ metrics: [{ name: 'lk.agents.turn.e2e_latency', histogram: { dataPoints: [] } }] }],
      },
    ],
  }),
  'Zipkin spans': JSON.stringify([
    {
      traceId: 'a',
      id: 'b',
      name: 'agent_turn',
      timestamp: 1,
      duration: 2,
      localEndpoint: { serviceName: 'agent' },
      tags: {},
    },
  ]),
  'a Retell call without': JSON.stringify({ call_id: 'c', agent_id: 'a', call_status: 'ongoing' }),
  'a Vapi call without': JSON.stringify({
    id: 'c',
    orgId: 'o',
    type: 'inboundPhoneCall',
    status: 'in-progress',
  }),
  'LiveKit’s metrics without their figures': ['EOU', 'LLM', 'TTS']
    .map((kind) => `2026-05-06 09:30:00,000 - INFO livekit.agents - ${kind} metrics`)
    .join('\n'),
  prose: 'My agent takes about three seconds to answer.\nThe model needs two of them.',
};
