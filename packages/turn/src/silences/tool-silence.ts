import type { z } from 'zod';
import type { LedgerContext, Owner } from '../ledger/owner.js';
import { type Marks, toMarkGrid } from '../marks.js';
import type { SilenceSegment } from './path.js';
import type {
  afterToolsSchema,
  interruptionSchema,
  speechSpanSchema,
  toolSilenceSchema,
  toolSpanSchema,
} from './schemas.js';

/** A tool call of a turn, ms on the marks' clock. */
export type ToolSpan = z.infer<typeof toolSpanSchema>;
/** A stretch of audible speech of the agent, ms on the marks' clock. */
export type HeardSpeechSpan = z.infer<typeof speechSpanSchema>;
/** A request to the LLM with the results of tools, ms on the marks' clock. */
export type AfterTools = z.infer<typeof afterToolsSchema>;
/** An interruption by the caller, ms on the marks' clock. */
export type Interruption = z.infer<typeof interruptionSchema>;
/** The longest silence of a turn with tools, with its parts. */
export type ToolSilence = z.infer<typeof toolSilenceSchema>;

/** The fields of a turn that its tool silence is computed from. */
export interface ToolTurn {
  marks: Marks;
  tools?: readonly ToolSpan[] | undefined;
  speech?: readonly HeardSpeechSpan[] | undefined;
  afterTools?: readonly AfterTools[] | undefined;
}

interface Silence {
  fromMs: number;
  toMs: number;
  isAfterAgent: boolean;
}

/** When the answer after the last tool is heard; `undefined` if there is none. */
function answerFromMs(tools: readonly ToolSpan[], speech: readonly HeardSpeechSpan[]): number | undefined {
  const endsMs = tools.map(({ endedMs }) => endedMs);
  const lastMs = Math.max(...endsMs.map((endedMs) => endedMs ?? Number.POSITIVE_INFINITY));
  const answer = speech.find((span) => !span.isFiller && span.fromMs >= lastMs);
  if (answer) return answer.fromMs;
  // The answer followed the words before the tool without a pause.
  return speech.findLast((span) => !span.isFiller && span.fromMs <= lastMs && span.toMs > lastMs)?.fromMs;
}

function silencesUntil(fromMs: number, toMs: number, speech: readonly HeardSpeechSpan[]): Silence[] {
  const silences: Silence[] = [];
  let at = fromMs;
  let isAfterAgent = false;
  for (const span of speech) {
    if (span.fromMs > toMs || span.toMs <= fromMs) continue;
    if (span.fromMs > at) silences.push({ fromMs: at, toMs: span.fromMs, isAfterAgent });
    at = Math.max(at, span.toMs);
    isAfterAgent = true;
  }
  return silences;
}

const provider = (name: string | undefined, fallback: string): Owner => ({
  kind: 'provider',
  name: name ?? fallback,
});

/** What the caller waited for at a moment of the silence. */
function waitedForAt(atMs: number, turn: ToolTurn, context: LedgerContext): [name: string, owner: Owner] {
  const { marks, tools = [], afterTools = [] } = turn;
  const runsAt = ({ startedMs, endedMs = Number.POSITIVE_INFINITY }: ToolSpan) =>
    startedMs <= atMs && atMs < endedMs;
  if (marks.turnCommitted !== undefined && atMs < marks.turnCommitted)
    return ['end of turn', { kind: 'setting', name: context.endpointingSetting ?? 'endpointing' }];
  if (tools.some(runsAt)) return ['tools', { kind: 'app' }];
  const request = afterTools.findLast(({ requestedMs }) => requestedMs <= atMs);
  if (request) {
    const { firstContentMs = Number.POSITIVE_INFINITY } = request;
    return atMs < firstContentMs
      ? ['LLM after tools', provider(context.llmProvider, 'llm')]
      : ['TTS after tools', provider(context.ttsProvider, 'tts')];
  }
  if (tools.every(({ startedMs }) => startedMs > atMs))
    return ['LLM to the tool call', provider(context.llmProvider, 'llm')];
  return ['between tools and LLM', { kind: 'app' }];
}

/** Cuts a silence wherever what is waited for may change. */
function segmentsOf({ fromMs, toMs }: Silence, turn: ToolTurn, context: LedgerContext): SilenceSegment[] {
  const { marks, tools = [], afterTools = [] } = turn;
  const cuts = [
    marks.turnCommitted,
    ...tools.flatMap(({ startedMs, endedMs }) => [startedMs, endedMs]),
    ...afterTools.flatMap(({ requestedMs, firstContentMs }) => [requestedMs, firstContentMs]),
    toMs,
  ];
  const inside = cuts.flatMap((ms) =>
    ms !== undefined && ms > fromMs && ms <= toMs ? [toMarkGrid(ms)] : [],
  );
  const segments: SilenceSegment[] = [];
  let at = fromMs;
  for (const cutMs of [...new Set(inside)].sort((a, b) => a - b)) {
    const [name, owner] = waitedForAt(at, turn, context);
    const last = segments.at(-1);
    if (last?.name === name)
      Object.assign(last, { toMs: cutMs, durationMs: toMarkGrid(cutMs - last.fromMs) });
    else segments.push({ name, owner, fromMs: at, toMs: cutMs, durationMs: toMarkGrid(cutMs - at) });
    at = cutMs;
  }
  return segments;
}

const onGrid = ({ fromMs, toMs, ...span }: HeardSpeechSpan): HeardSpeechSpan => ({
  ...span,
  fromMs: toMarkGrid(fromMs),
  toMs: toMarkGrid(toMs),
});

/**
 * The longest time without a sound of the agent in a turn with tools, from the caller's last sample to the answer after the tools.
 *
 * @param context names of providers and settings, for the owners
 * @returns `undefined` if the turn has no tools, or no answer after them, or if its speech or the caller's last sample is not
 * reported
 */
export function toolSilenceOf(turn: ToolTurn, context: LedgerContext = {}): ToolSilence | undefined {
  const { marks, tools = [] } = turn;
  const startMs = marks.speechEnded === undefined ? undefined : toMarkGrid(marks.speechEnded);
  if (tools.length === 0 || turn.speech === undefined || startMs === undefined) return undefined;
  const speech = turn.speech.map(onGrid).sort((a, b) => a.fromMs - b.fromMs);
  const endMs = answerFromMs(tools, speech);
  if (endMs === undefined || endMs < startMs) return undefined;
  const silences = silencesUntil(startMs, endMs, speech);
  const lengthOf = ({ fromMs, toMs }: Silence) => toMarkGrid(toMs - fromMs);
  const [longest] = [...silences].sort((a, b) => lengthOf(b) - lengthOf(a));
  if (!longest) return { longestMs: 0, segments: [] };
  const first = silences.find(({ isAfterAgent }) => !isAfterAgent);
  const later = silences.filter(({ isAfterAgent }) => isAfterAgent).map(lengthOf);
  return {
    longestMs: lengthOf(longest),
    ...(first ? { afterCallerMs: lengthOf(first) } : {}),
    ...(later.length > 0 ? { afterAgentMs: Math.max(...later) } : {}),
    segments: segmentsOf(longest, turn, context),
  };
}
