import { isFailed, outcomeOf, type Segment, type TurnRecord } from '@firstword/turn';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { llmSpanAttributes, ownerAttributes, turnAttributes, usageAttributes } from './attributes.js';

/** Options of `traceTurn`. */
export interface TraceTurnOptions {
  tracer: Tracer;
  /** Parent of the turn's span, such as LiveKit's `agent_session`. Default: none, a trace of its own. */
  parent?: Context | undefined;
  /** Put token counts on the LLM's span; default `true`. `false` if another span of the trace has them already. */
  usage?: boolean;
}

/** Wall time (Unix ms) of a moment of the turn. */
type Wall = (markMs: number) => number;

/** `undefined` if the record has no mark to date it by. */
function wallOf({ at, marks }: TurnRecord): Wall | undefined {
  // `at` is the end of the caller's speech or, if that is missing, the commit.
  const datedMs = marks.speechEnded ?? marks.turnCommitted;
  return datedMs === undefined ? undefined : (markMs) => Date.parse(at) + (markMs - datedMs);
}

interface Child {
  tracer: Tracer;
  parent: Context;
  wall: Wall;
  usage: boolean;
}

function endedSegment({ tracer, parent, wall }: Child, segment: Segment, hidden: boolean): void {
  const attributes = { ...ownerAttributes(segment.owner), 'firstword.hidden': hidden };
  tracer
    .startSpan(segment.name, { startTime: wall(segment.fromMs), attributes }, parent)
    .end(wall(segment.toMs));
}

/** A span of the LLM's request up to its first content, of a realtime model up to its first audio: no mark says when the answer ended. */
function llmSpan({ tracer, parent, wall, usage }: Child, { llm, marks }: TurnRecord): void {
  const startMs = marks.llmRequested ?? marks.responseCreated;
  const endMs = marks.responseAudio ?? marks.firstContent;
  if (!llm || startMs === undefined || endMs === undefined || endMs < startMs) return;
  const span = tracer.startSpan(
    `chat ${llm.model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: wall(startMs),
      attributes: {
        ...llmSpanAttributes(llm),
        ...(usage ? usageAttributes(llm) : {}),
        'firstword.span.ends_at': 'first_content',
      },
    },
    parent,
  );
  for (const attempt of llm.attempts ?? []) {
    const { reason, outcome, provider, model } = attempt;
    const result = { 'firstword.reason': reason, 'firstword.outcome': outcome };
    span.addEvent(
      'firstword.llm.attempt',
      { ...result, 'gen_ai.provider.name': provider, 'gen_ai.request.model': model },
      wall(attempt.startedMs),
    );
  }
  span.end(wall(endMs));
}

/** From the end of the caller's speech, or the first mark, to the first audible sample, or the last mark. */
function extent({ marks }: TurnRecord): [number, number] {
  const seen = Object.values(marks).filter((ms) => ms !== undefined);
  const endMs = marks.callerHeard ?? marks.firstAudible ?? Math.max(...seen);
  return [marks.speechEnded ?? Math.min(...seen), endMs];
}

/**
 * Writes a turn's final record as finished spans: `firstword.turn`, as long as the felt gap; below it one span for each
 * segment of the ledger (hidden work is marked) and `chat MODEL`. With a tracer that does not record it creates one
 * no-op span only.
 * @returns the turn's span, ended; `undefined` if the record has no mark to date it by
 */
export function traceTurn(record: TurnRecord, options: TraceTurnOptions): Span | undefined {
  const { tracer, parent = ROOT_CONTEXT, usage = true } = options;
  const wall = wallOf(record);
  if (!wall) return undefined;
  const [fromMs, toMs] = extent(record);
  const turn = tracer.startSpan('firstword.turn', { startTime: wall(fromMs) }, parent);
  if (!turn.isRecording()) return turn;
  turn.setAttributes(turnAttributes(record));
  const outcome = outcomeOf(record);
  const hasFailed = isFailed(outcome) || (outcome === undefined && record.problem !== undefined);
  if (hasFailed) {
    turn.setStatus({ code: SpanStatusCode.ERROR, message: record.problem ?? 'the turn failed' });
  }
  const child: Child = { tracer, parent: trace.setSpan(parent, turn), wall, usage };
  for (const segment of record.segments) endedSegment(child, segment, false);
  for (const segment of record.hidden) endedSegment(child, segment, true);
  llmSpan(child, record);
  turn.end(wall(Math.max(fromMs, toMs)));
  return turn;
}
