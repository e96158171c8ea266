import type { Random } from '@firstword/turn/statistics';
import { answering, printedDelays, type WildCall, type WildTurn } from '../call.js';
import type { Carried } from '../cause.js';
import { hexDigits } from '../draw.js';
import { pythonJson } from '../formatters.js';
import { iso, seconds } from '../record.js';
import type { WildShape } from '../shape.js';
import { TOOLS } from '../vocabulary.js';

const HISTORY: readonly Carried[] = ['end of turn', 'user logic', 'ttft', 'ttfb', 'e2e', 'playback', 'tools'];

type Item = Record<string, unknown>;

interface HistoryOptions {
  /** Names of the models in each message, as since 1.4. */
  hasModels: boolean;
  hasPlayback: boolean;
}

function userMetrics(call: WildCall, turn: WildTurn, { hasModels }: HistoryOptions): Item {
  const { model, provider } = call.stack.stt;
  const printed = printedDelays(turn);
  return {
    ...(hasModels ? { stt_metadata: { model_name: model, model_provider: provider } } : {}),
    started_speaking_at: seconds(turn.endedAtMs - turn.spokeForMs),
    stopped_speaking_at: seconds(turn.endedAtMs),
    transcription_delay: seconds(printed.transcriptionMs),
    end_of_turn_delay: seconds(printed.endOfTurnMs),
    on_user_turn_completed_delay: seconds(turn.userLogicMs),
  };
}

function assistantMetrics(call: WildCall, turn: WildTurn, { hasModels, hasPlayback }: HistoryOptions): Item {
  const asked = answering(turn);
  const { llm, tts } = call.stack;
  const startedMs = turn.endedAtMs + turn.e2eMs;
  return {
    ...(hasModels
      ? {
          llm_metadata: { model_name: llm.model, model_provider: llm.provider },
          tts_metadata: { model_name: tts.model, model_provider: tts.provider },
        }
      : {}),
    started_speaking_at: seconds(startedMs),
    stopped_speaking_at: seconds(startedMs + turn.answer.length * 62),
    llm_node_ttft: seconds(asked?.ttftMs ?? 0),
    tts_node_ttfb: seconds(turn.ttfbMs),
    ...(hasPlayback ? { playback_latency: seconds(turn.playbackMs) } : {}),
    e2e_latency: seconds(turn.e2eMs),
  };
}

const itemId = (random: Random) => `item_${hexDigits(random, 12)}`;

function toolItems(turn: WildTurn, random: Random): Item[] {
  const first = turn.requests.find(({ isToolCall }) => isToolCall);
  if (!first) return [];
  const callId = `call_${hexDigits(random, 18)}`;
  const name = TOOLS[turn.answer.length % TOOLS.length];
  const atMs = turn.endedAtMs + first.afterMs + first.durationMs;
  return [
    {
      id: itemId(random),
      type: 'function_call',
      call_id: callId,
      arguments: '{"id":"A-2231"}',
      name,
      created_at: seconds(atMs),
    },
    {
      id: itemId(random),
      type: 'function_call_output',
      name,
      call_id: callId,
      output: '{"status":"ok"}',
      is_error: false,
      created_at: seconds(atMs + turn.toolMs),
    },
  ];
}

/** The items of a call's chat context, as `ChatContext.to_dict()` gives them. */
function historyItems(call: WildCall, random: Random, options: HistoryOptions): Item[] {
  const items: Item[] = [
    {
      id: itemId(random),
      type: 'message',
      role: 'system',
      content: ['You are a helpful receptionist.'],
      interrupted: false,
      created_at: seconds(call.startedAtMs),
    },
    {
      id: itemId(random),
      type: 'message',
      role: 'assistant',
      content: ['Hello, how can I help?'],
      interrupted: false,
      metrics: { started_speaking_at: seconds(call.startedAtMs + 1400), tts_node_ttfb: 0.21 },
      created_at: seconds(call.startedAtMs + 1000),
    },
  ];
  for (const turn of call.turns) {
    items.push({
      id: itemId(random),
      type: 'message',
      role: 'user',
      content: [turn.userText],
      interrupted: false,
      transcript_confidence: 0.97,
      metrics: userMetrics(call, turn, options),
      created_at: seconds(turn.endedAtMs + turn.endOfTurnMs),
    });
    items.push(...toolItems(turn, random));
    if (!turn.isFailed)
      items.push({
        id: itemId(random),
        type: 'message',
        role: 'assistant',
        content: [turn.answer],
        interrupted: false,
        metrics: assistantMetrics(call, turn, options),
        created_at: seconds(turn.endedAtMs + turn.endOfTurnMs + turn.userLogicMs),
      });
  }
  return items;
}

const optionsOf = ({ version, sdk }: WildCall): HistoryOptions => ({
  hasModels: version !== '1.2.0' && sdk === 'python',
  hasPlayback: version === '1.7.0' || version === '1.9.0',
});

/** LiveKit's session report, `to_dict()` or `sessionReportToJSON`. */
function sessionReport(call: WildCall, random: Random): Item {
  return {
    job_id: call.job,
    room_id: call.room,
    room: call.roomName,
    events: [
      {
        type: 'agent_state_changed',
        old_state: 'initializing',
        new_state: 'listening',
        created_at: seconds(call.startedAtMs + 900),
      },
    ],
    audio_recording_path: null,
    audio_recording_started_at: null,
    options: {
      allow_interruptions: true,
      discard_audio_if_uninterruptible: true,
      min_interruption_duration: 0.5,
      min_interruption_words: 0,
      min_endpointing_delay: seconds(call.minDelayMs),
      max_endpointing_delay: seconds(call.maxDelayMs),
      max_tool_steps: 3,
      user_away_timeout: 15,
      preemptive_generation: {
        enabled: call.isPreemptive,
        preemptive_tts: false,
        max_speech_duration: 10,
        max_retries: 3,
      },
    },
    chat_history: { items: historyItems(call, random, optionsOf(call)) },
    timestamp: seconds(call.startedAtMs + 300_000),
    usage: [
      {
        type: 'llm_usage',
        provider: call.stack.llm.provider,
        model: call.stack.llm.model,
        input_tokens: 9100,
        output_tokens: 310,
      },
    ],
    sdk_version: call.version,
  };
}

const RENAMED: Readonly<Record<string, string>> = { arguments: 'args' };
const MILLISECONDS = ['created_at', 'started_speaking_at', 'stopped_speaking_at'];

/** Node's own names: camel case, clock times in ms, delays in seconds. */
function nodeItem(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nodeItem);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      RENAMED[key] ?? key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      MILLISECONDS.includes(key) ? Math.round((one as number) * 1000) : nodeItem(one),
    ]),
  );
}

/** An item as LiveKit Cloud's log export has it. */
function exportedLine(call: WildCall, item: Item): Item {
  const { role, metrics, content, created_at, id } = item as {
    role: string;
    metrics?: Item;
    content: string[];
    created_at: number;
    id: string;
  };
  const stamps = (part: Item) =>
    Object.fromEntries(
      Object.entries(part).map(([key, value]) => [
        key,
        key.endsWith('speaking_at') ? iso((value as number) * 1000) : value,
      ]),
    );
  return {
    'chat.item': {
      message: {
        id,
        role: role.toUpperCase(),
        content: content.map((text) => ({ text })),
        ...(metrics ? { metrics: stamps(metrics) } : {}),
        created_at: iso(created_at * 1000),
      },
    },
    room_id: call.room,
    job_id: call.job,
    'logger.name': 'chat_history',
    'lk.id': id,
  };
}

const document = (
  id: string,
  sdk: 'python' | 'node',
  name: string,
  text: (calls: readonly WildCall[], random: Random) => string,
  carries = HISTORY,
): WildShape => ({
  id,
  sdk,
  carries,
  isLines: false,
  print: (calls, random) => ({ name, text: text(calls, random) }),
});

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** An item as `conversation_item_added` gives it to the app, which prints it. */
function itemEvents(call: WildCall, random: Random): string[] {
  return historyItems(call, random, optionsOf(call))
    .filter(({ type }) => type === 'message')
    .map((item) => pythonJson({ type: 'conversation_item_added', item, created_at: item.created_at }));
}

/** Chat histories and session reports. */
export const HISTORY_SHAPES: readonly WildShape[] = [
  document('python-history', 'python', 'chat_history.json', (calls, random) =>
    calls.map((call) => pretty({ items: historyItems(call, random, optionsOf(call)) })).join(''),
  ),
  document('python-history-items', 'python', 'items.jsonl', (calls, random) =>
    calls
      .flatMap((call) => historyItems(call, random, optionsOf(call)).map((item) => `${pythonJson(item)}\n`))
      .join(''),
  ),
  document('python-session-report', 'python', 'session_report.json', (calls, random) =>
    calls.map((call) => pretty(sessionReport(call, random))).join(''),
  ),
  document(
    'python-log-export',
    'python',
    'export.jsonl',
    (calls, random) =>
      calls
        .flatMap((call) =>
          historyItems(call, random, optionsOf(call))
            .filter(({ type }) => type === 'message')
            .map((item) => `${JSON.stringify(exportedLine(call, item))}\n`),
        )
        .join(''),
    HISTORY.filter((one) => one !== 'tools'),
  ),
  document(
    'python-item-events',
    'python',
    'events.log',
    (calls, random) => `${calls.flatMap((call) => itemEvents(call, random)).join('\n')}\n`,
    HISTORY.filter((one) => one !== 'tools'),
  ),
  document('node-history', 'node', 'history.json', (calls, random) =>
    calls.map((call) => pretty(nodeItem({ items: historyItems(call, random, optionsOf(call)) }))).join(''),
  ),
  document('node-session-report', 'node', 'session-report.json', (calls, random) =>
    calls.map((call) => pretty(sessionReport(call, random))).join(''),
  ),
];
