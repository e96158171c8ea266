import { answering, type WildCall, type WildRequest, type WildTurn } from '../call.js';
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

const LLM = 'OpenAILLMService#0';
const TTS = 'CartesiaTTSService#0';

/** Time, place and message of one debug line, ms after the caller's last sound. */
type Entry = readonly [afterMs: number, place: string, message: string];

function usageText({ promptTokens, completionTokens, reasoningTokens, cachedTokens }: WildRequest): string {
  return [
    `prompt tokens: ${promptTokens}, completion tokens: ${completionTokens}`,
    cachedTokens > 0 ? `, cache read input tokens: ${cachedTokens}` : '',
    reasoningTokens > 0 ? `, reasoning tokens: ${reasoningTokens}` : '',
  ].join('');
}

function speechEntries(turn: WildTurn, heardMs: number): Entry[] {
  const input = 'pipecat.transports.base_input:_handle_user_interruption';
  return [
    [-turn.spokeForMs, `${input}:335`, 'User started speaking'],
    [STOP_MS, `${input}:356`, 'User stopped speaking'],
    [heardMs + 12, 'pipecat.transports.base_output:_bot_started_speaking:600', 'Bot started speaking'],
    [
      heardMs + turn.answer.length * 62,
      'pipecat.transports.base_output:_bot_stopped_speaking:618',
      'Bot stopped speaking',
    ],
  ];
}

/** The client of the LLM waits and asks again by itself. */
const retryLines = (turn: WildTurn, sentMs: number): PrintedLine[] =>
  turn.notes
    .filter(({ kind }) => kind === 'rate limited')
    .map((_note, index) =>
      loguru(
        turn.endedAtMs + sentMs + 300 + index * 1300,
        'WARNING',
        'openai._base_client:_sleep_for_retry:1081',
        `Retrying request to /chat/completions in ${0.4 * (index + 1)} seconds (HTTP/1.1 429 Too Many Requests)`,
      ),
    );

function pipecatTurn(call: WildCall, turn: WildTurn): PrintedLine[] {
  const asked = answering(turn)!;
  const sentMs = Math.max(STOP_MS, turn.transcriptionMs) + 4;
  const textMs = sentMs + Math.max(0, asked.ttftMs) + turn.heldMs;
  const heardMs = textMs + turn.ttfbMs;
  const endMs = sentMs + asked.durationMs;
  const ttfb = `${METRICS}:stop_ttfb_metrics:131`;
  const context = `[{'role': 'system', 'content': 'You are a receptionist.'}, {'role': 'user', 'content': '${turn.userText}'}]`;
  const entries: Entry[] = [
    ...speechEntries(turn, heardMs),
    [
      sentMs,
      'pipecat.services.openai.base_llm:_stream_chat_completions:315',
      `${LLM}: Generating chat from universal context ${context}`,
    ],
    [sentMs + asked.ttftMs, ttfb, `${LLM} TTFB: ${figure(call, asked.ttftMs)}`],
    [textMs, 'pipecat.services.cartesia.tts:run_tts:470', `${TTS}: Generating TTS [${turn.answer}]`],
    [endMs, `${METRICS}:start_llm_usage_metrics:173`, `${LLM} ${usageText(asked)}`],
    [
      endMs,
      `${METRICS}:stop_processing_metrics:152`,
      `${LLM} processing time: ${figure(call, asked.durationMs)}`,
    ],
    [heardMs, ttfb, `${TTS} TTFB: ${figure(call, turn.ttfbMs)}`],
  ];
  if (call.version === '1.7.0')
    entries.push([
      turn.transcriptionMs,
      `${METRICS}:stop_ttfb_metrics:175`,
      `DeepgramSTTService#0 TTFB: ${figure(call, turn.transcriptionMs)}`,
    ]);
  const lines = entries.map(([afterMs, place, message]) =>
    loguru(turn.endedAtMs + afterMs, 'DEBUG', place, message),
  );
  return [...lines, ...retryLines(turn, sentMs)].sort((a, b) => a.atMs - b.atMs);
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

/** Logs and client messages of Pipecat. */
export const PIPECAT_SHAPES: readonly WildShape[] = [pipecatLog, pipecatRtvi];
