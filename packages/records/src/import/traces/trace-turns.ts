import type { TurnObservation } from '@firstword/turn';
import { groupBy } from '@firstword/turn/statistics';
import { definedOnly, MAX_DURATION_MS, numberAt, textAt } from '../json.js';
import { spansOfConsole } from './console-exporter.js';
import { spansOfJaeger } from './jaeger.js';
import { spansOfLangfuse } from './langfuse.js';
import { spansOfOtlp } from './otlp.js';
import type { TraceSpan } from './span.js';

/**
 * Traces of LiveKit agents. Read in agents-js 1.9.0 and livekit/agents (Python, da6af86):
 * - `user_turn` ends when the turn is committed; on it `lk.end_of_turn_delay` and `lk.transcription_delay`, counted from
 *   the last speech: in **milliseconds** from Node, in **seconds** from Python;
 * - `agent_turn` (a child of the session, like `user_turn`) has `lk.e2e_latency` in seconds, from both; below it `llm_node`
 *   from the LLM's start with `lk.response.ttft`, `tts_node` with `lk.response.ttfb`, and `function_tool`;
 * - a 0 for a delay on `user_turn` stands for "not known" as well: it is left out.
 */
export const LIVEKIT_TRACES = 'LiveKit traces';

/** How traces are exported, each by a name to show. */
const FORMATS: readonly [
  name: string,
  spansOf: (value: unknown, place: string) => TraceSpan[] | undefined,
][] = [
  ['OTLP/JSON', spansOfOtlp],
  ['Jaeger traces', spansOfJaeger],
  ['spans of OpenTelemetry’s console exporter', spansOfConsole],
  ['Langfuse observations', spansOfLangfuse],
];

/** A time in which the agent's thread did nothing else, as LiveKit's monitor reports it. */
export interface BlockedSpan {
  /** Wall time at which it began, Unix ms. */
  atMs: number;
  durationMs: number;
  /** `host`: the process was not scheduled. Otherwise synchronous work. */
  cause: string | undefined;
  traceId: string;
  place: string;
}

/** A turn, and where the span of its answer was read. */
export interface PlacedTurn {
  observation: TurnObservation;
  place: string;
}

/** Maximum number of spans in memory, at about half a kilobyte each; further spans are only counted. */
const MAX_SPANS = 1_000_000;

/** Collects the spans of an export, in any order and in many pieces, and pairs them into turns at the end. */
export class TraceImport {
  /** By id: exporters resend a batch that was not confirmed. */
  readonly #spans = new Map<string, TraceSpan>();

  readonly #maxSpans: number;
  /** Spans above the maximum, which were dropped. */
  droppedSpans = 0;

  constructor({ maxSpans = MAX_SPANS }: { maxSpans?: number } = {}) {
    this.#maxSpans = maxSpans;
  }

  /**
   * @param place where the value was read
   * @returns the name of its format; `undefined` where the value is no export of traces
   */
  read(value: unknown, place = ''): string | undefined {
    for (const [name, spansOf] of FORMATS) {
      const spans = spansOf(value, place);
      if (!spans) continue;
      this.#add(spans);
      return name;
    }
    return undefined;
  }

  #add(spans: readonly TraceSpan[]): void {
    for (const span of spans) {
      if (!NEEDED.has(span.name)) continue;
      if (this.#spans.size < this.#maxSpans) this.#spans.set(`${span.traceId} ${span.spanId}`, span);
      else this.droppedSpans += 1;
    }
  }

  /** The times in which the thread was blocked. Call it before `finish`. */
  blockedSpans(): BlockedSpan[] {
    return [...this.#spans.values()]
      .filter(({ name }) => name === BLOCKED)
      .map(({ startMs, endMs, attributes, traceId, place }) => ({
        atMs: startMs,
        durationMs: attributeMs({ attributes }, 'lk.blocking.duration', 1000) ?? endMs - startMs,
        cause: textAt(attributes, 'lk.blocking.cause'),
        traceId,
        place,
      }));
  }

  /** The turns of everything read, by session and time. Spans that belong to no answered turn are ignored. */
  finish(): PlacedTurn[] {
    const spans = [...this.#spans.values()];
    this.#spans.clear();
    const sessions = groupBy(spans, ({ traceId }) => traceId);
    const orphans = orphansOf(spans);
    return [...sessions].flatMap(([session, own]) => turnsOf(session || 'session', own, orphans));
  }
}

const byStart = (a: TraceSpan, b: TraceSpan) => a.startMs - b.startMs;
const byEnd = (a: TraceSpan, b: TraceSpan) => a.endMs - b.endMs;

/**
 * Spans by the answer that they began in. Without a registered context manager, spans have no parents and one trace each:
 * they are assigned by time, unless two answers ran at once.
 */
function orphansOf(spans: readonly TraceSpan[]): Map<TraceSpan, TraceSpan[]> {
  const alone = spans.filter(({ name, parentSpanId }) => PARTS.has(name) && parentSpanId === undefined);
  const starting = spans.filter((span) => isAnswer(span) && span.endMs >= span.startMs).sort(byStart);
  const ending = [...starting].sort(byEnd);
  const running = new Set<TraceSpan>();
  const orphans = new Map<TraceSpan, TraceSpan[]>();
  let [started, ended] = [0, 0];
  for (const span of alone.sort(byStart)) {
    while (started < starting.length && starting[started]!.startMs <= span.startMs)
      running.add(starting[started++]!);
    while (ended < ending.length && ending[ended]!.endMs < span.startMs) running.delete(ending[ended++]!);
    const [answer] = running;
    if (running.size !== 1 || answer === undefined) continue;
    const own = orphans.get(answer);
    if (own) own.push(span);
    else orphans.set(answer, [span]);
  }
  return orphans;
}

/** The turn that each answer belongs to: of those that ended before it, the one that began last. */
function askedBy(answers: readonly TraceSpan[], users: readonly TraceSpan[]): Map<TraceSpan, TraceSpan> {
  const order = new Map(users.map((user, i) => [user, i]));
  const ending = [...users].sort(byEnd);
  const asked = new Map<TraceSpan, TraceSpan>();
  let [ended, last] = [0, -1];
  // An answer may begin before its turn is committed, but cannot end before.
  for (const answer of [...answers].sort(byEnd)) {
    while (ended < ending.length && ending[ended]!.endMs <= answer.endMs)
      last = Math.max(last, order.get(ending[ended++]!)!);
    const user = users[last];
    if (user) asked.set(answer, user);
  }
  return asked;
}

const PARTS = new Set([
  'llm_node',
  'tts_node',
  'function_tool',
  'llm_request',
  'tts_request',
  'llm_request_run',
  'tts_request_run',
]);
/** LiveKit's report that the agent's thread, or the whole process, stood still. */
const BLOCKED = 'event_loop_blocked';
const NEEDED = new Set(['user_turn', 'agent_turn', 'eou_detection', BLOCKED, ...PARTS]);

const attributeMs = (
  span: Pick<TraceSpan, 'attributes'> | undefined,
  key: string,
  unitMs: number,
): number | undefined => {
  const value = numberAt(span?.attributes, key);
  const ms = value === undefined ? -1 : Math.round(value * unitMs * 1e3) / 1e3;
  return ms < 0 || ms > MAX_DURATION_MS ? undefined : ms;
};

const positive = (ms: number | undefined) => (ms === 0 ? undefined : ms);

function turnsOf(
  session: string,
  spans: readonly TraceSpan[],
  orphans: ReadonlyMap<TraceSpan, readonly TraceSpan[]>,
): PlacedTurn[] {
  const inOrder = [...spans].sort(byStart);
  const users = inOrder.filter(({ name }) => name === 'user_turn');
  const answers = inOrder.filter(isAnswer);
  const children = groupBy(inOrder, ({ parentSpanId }) => parentSpanId ?? '');
  const asked = askedBy(answers, users);
  const about = { callId: session, startMs: inOrder[0]?.startMs ?? 0, delayUnitMs: delayUnitMsOf(users) };
  const taken = new Set<TraceSpan>();
  return answers.flatMap((answer) => {
    const user = asked.get(answer);
    // Of a user's turn that is answered twice, before and after a tool, the first answer counts.
    if (users.length > 0 && (!user || taken.has(user))) return [];
    taken.add(user ?? answer);
    const below = [...descendants(answer, children), ...(orphans.get(answer) ?? [])];
    const decided = user && children.get(user.spanId)?.findLast(({ name }) => name === 'eou_detection');
    const observation = turnOf({ ...about, turn: taken.size, asked: user, decided, answer, below });
    return [{ observation, place: answer.place }];
  });
}

/** A commit comes within seconds: delays of one session that are all smaller than this are in seconds. */
const MAX_DELAY_SECONDS = 30;

/** Unit of the delays on `user_turn`, ms: by the SDK's language, and by their size where that is not Python. */
function delayUnitMsOf(users: readonly TraceSpan[]): number {
  const language = users.find((user) => user.language !== undefined)?.language;
  if (language === 'python') return 1000;
  const delays = users.map(({ attributes }) => numberAt(attributes, 'lk.end_of_turn_delay') ?? 0);
  return delays.every((delay) => delay < MAX_DELAY_SECONDS) ? 1000 : 1;
}

const isAnswer = ({ name, attributes }: TraceSpan) =>
  name === 'agent_turn' && numberAt(attributes, 'lk.e2e_latency') !== undefined;

/** The spans under an answer, at any depth, by their start; without other answers and what is under those. */
function descendants(top: TraceSpan, children: ReadonlyMap<string, readonly TraceSpan[]>): TraceSpan[] {
  const found = new Set<TraceSpan>();
  const ids = [top.spanId];
  for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
    for (const child of children.get(id) ?? []) {
      if (found.has(child) || isAnswer(child)) continue;
      found.add(child);
      ids.push(child.spanId);
    }
  }
  return [...found].sort(byStart);
}

interface TurnSpans {
  callId: string;
  turn: number;
  /** Wall time that marks count from, Unix ms. */
  startMs: number;
  delayUnitMs: number;
  /** The user's turn; `undefined` where the export has none at all. */
  asked: TraceSpan | undefined;
  /** The last decision whether the turn was over. */
  decided: TraceSpan | undefined;
  answer: TraceSpan;
  below: readonly TraceSpan[];
}

const partOf = (spans: readonly TraceSpan[], names: readonly string[]) => {
  const named = spans.filter(({ name }) => names.includes(name)).map(({ attributes }) => attributes);
  const provider = named
    .map((about) => textAt(about, 'gen_ai.provider.name'))
    .find((text) => text !== undefined);
  const model = named
    .map((about) => textAt(about, 'gen_ai.request.model'))
    .find((text) => text !== undefined);
  return provider || model ? { provider: provider ?? 'unknown', model: model ?? 'unknown' } : undefined;
};

/** The attempts at a request. LiveKit records an error on the attempt that failed. */
const ATTEMPTS = { llm: 'llm_request_run', tts: 'tts_request_run' } as const;

/**
 * An answer that was heard (it has `lk.e2e_latency`) broke off if the last attempt at its LLM or TTS request failed. Turns
 * without a sound, and apologies, have no such latency: they are not among the answers.
 */
function outcomeOfSpans(
  interrupted: boolean,
  spans: readonly TraceSpan[],
): Pick<TurnObservation, 'outcome' | 'failure'> {
  for (const part of ['llm', 'tts'] as const) {
    const attempts = spans.filter(({ name }) => name === ATTEMPTS[part]).sort(byStart);
    if (attempts.at(-1)?.hasFailed) return { outcome: 'cut_short', failure: { part, code: 'unknown' } };
  }
  if (interrupted) return { outcome: 'interrupted' };
  const hasContent = spans.some(
    ({ name, attributes }) => name === 'llm_node' && numberAt(attributes, 'lk.response.ttft') !== undefined,
  );
  return hasContent ? { outcome: 'answered' } : {};
}

/** The delay that was chosen at the end of the turn, and whether the model was unsure: then it is the long one. */
function settingsOf(decided: TraceSpan | undefined, delayUnitMs: number): Pick<TurnObservation, 'settings'> {
  const waitMs = attributeMs(decided, 'lk.eou.endpointing_delay', delayUnitMs);
  if (waitMs === undefined) return {};
  const probability = numberAt(decided?.attributes, 'lk.eou.probability');
  const threshold = numberAt(decided?.attributes, 'lk.eou.unlikely_threshold');
  if (probability === undefined || threshold === undefined)
    return { settings: { 'endpointing.waitMs': waitMs } };
  const bound = probability < threshold ? 'endpointing.maxDelay' : 'endpointing.minDelay';
  return { settings: { 'endpointing.bound': bound, 'endpointing.waitMs': waitMs, [bound]: waitMs } };
}

/** Token counts of the last request that has some. */
function tokensOf(spans: readonly TraceSpan[]) {
  const about = spans.findLast(
    ({ attributes }) => numberAt(attributes, 'gen_ai.usage.input_tokens') !== undefined,
  )?.attributes;
  const tokens = definedOnly({
    promptTokens: numberAt(about, 'gen_ai.usage.input_tokens'),
    completionTokens: numberAt(about, 'gen_ai.usage.output_tokens'),
    cachedTokens: numberAt(about, 'gen_ai.usage.cache_read.input_tokens'),
    reasoningTokens:
      numberAt(about, 'gen_ai.usage.reasoning.output_tokens') ??
      numberAt(about, 'gen_ai.usage.reasoning_tokens'),
  });
  return Object.keys(tokens).length > 0 ? { tokens } : {};
}

function turnOf({
  callId,
  turn,
  startMs,
  delayUnitMs,
  asked,
  decided,
  answer,
  below: spans,
}: TurnSpans): TurnObservation {
  const e2eMs = attributeMs(answer, 'lk.e2e_latency', 1000);
  const endOfTurnDelayMs = positive(attributeMs(asked, 'lk.end_of_turn_delay', delayUnitMs));
  const transcriptionDelayMs = positive(attributeMs(asked, 'lk.transcription_delay', delayUnitMs));
  const stoppedMs = endOfTurnDelayMs === undefined || !asked ? undefined : asked.endMs - endOfTurnDelayMs;
  const after = (ms: number | undefined) =>
    stoppedMs === undefined || ms === undefined ? undefined : stoppedMs + ms - startMs;
  const llm = spans.find(({ name }) => name === 'llm_node');
  const llmTtftMs = attributeMs(llm, 'lk.response.ttft', 1000);
  const tts = spans.find(({ name }) => name === 'tts_node');
  const llmRequested = llm && asked && llm.startMs - startMs;
  const model = partOf(spans, ['llm_node', 'llm_request']);
  const interrupted = String(answer.attributes['lk.interrupted']) === 'true';
  return {
    callId,
    turn,
    at: new Date(stoppedMs ?? asked?.endMs ?? answer.startMs).toISOString(),
    marks: definedOnly({
      speechEnded: after(0),
      finalTranscript: after(transcriptionDelayMs),
      turnCommitted: asked && asked.endMs - startMs,
      llmRequested,
      firstContent:
        llmRequested === undefined || llmTtftMs === undefined ? undefined : llmRequested + llmTtftMs,
      framePublished: after(e2eMs),
    }),
    interrupted,
    ...outcomeOfSpans(interrupted, spans),
    bargeIn: false,
    toolCalls: spans.filter(({ name }) => name === 'function_tool').length,
    ...definedOnly({
      llm: model && { ...model, emulated: false, requests: 1, ...tokensOf(spans) },
      stt: partOf(asked ? [asked] : [], ['user_turn']),
      tts: partOf(spans, ['tts_node', 'tts_request']),
    }),
    ...settingsOf(decided, delayUnitMs),
    imported: {
      from: LIVEKIT_TRACES,
      ...(asked ? { sdk: delayUnitMs === 1000 ? 'python' : 'node' } : {}),
      ...definedOnly({
        e2eMs,
        transcriptionDelayMs,
        endOfTurnDelayMs,
        llmTtftMs,
        ttsTtfbMs: attributeMs(tts, 'lk.response.ttfb', 1000),
      }),
    },
  };
}
