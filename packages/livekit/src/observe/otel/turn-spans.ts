import type { Segment, TurnRecord } from '@firstword/turn';
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

export interface TraceTurnOptions {
  tracer: Tracer;
  /** Whose child the turn is, such as LiveKit's `agent_session`; a trace of its own unless told. */
  parent?: Context | undefined;
  /** Tokens on the LLM's span; false where another span of the trace tells them, so that nobody counts them twice. */
  usage?: boolean;
}

/** Wall time (Unix ms) of a moment of the turn. */
type Wall = (markMs: number) => number;

/** `undefined` where nothing says when the turn was. */
function wallOf({ at, marks }: TurnRecord): Wall | undefined {
  // A record is dated by the end of the caller's speech; where that was not seen, by the end of the turn.
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

/** The LLM's request up to its first content: when its answer ended is not among the marks. */
function llmSpan({ tracer, parent, wall, usage }: Child, { llm, marks }: TurnRecord): void {
  const { llmRequested, firstContent } = marks;
  if (!llm || llmRequested === undefined || firstContent === undefined || firstContent < llmRequested) return;
  const span = tracer.startSpan(
    `chat ${llm.model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: wall(llmRequested),
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
    const told = { 'firstword.reason': reason, 'firstword.outcome': outcome };
    span.addEvent(
      'firstword.llm.attempt',
      { ...told, 'gen_ai.provider.name': provider, 'gen_ai.request.model': model },
      wall(attempt.startedMs),
    );
  }
  span.end(wall(firstContent));
}

/** From the end of the caller's speech, or the first thing seen, to the last. */
function extent({ marks }: TurnRecord): [number, number] {
  const seen = Object.values(marks).filter((ms) => ms !== undefined);
  const endMs = marks.callerHeard ?? marks.firstAudible ?? Math.max(...seen);
  return [marks.speechEnded ?? Math.min(...seen), endMs];
}

/**
 * Writes a turn's final record as spans of the past: `firstword.turn`, as long as its felt gap; below it a span a segment
 * of the ledger, those of hidden work marked as such, and `chat MODEL`. Where nobody listens it makes one span that does
 * nothing, and stops there.
 * @returns the turn's span, ended; `undefined` where the record does not say when the turn was
 */
export function traceTurn(record: TurnRecord, options: TraceTurnOptions): Span | undefined {
  const { tracer, parent = ROOT_CONTEXT, usage = true } = options;
  const wall = wallOf(record);
  if (!wall) return undefined;
  const [fromMs, toMs] = extent(record);
  const turn = tracer.startSpan('firstword.turn', { startTime: wall(fromMs) }, parent);
  if (!turn.isRecording()) return turn;
  turn.setAttributes(turnAttributes(record));
  if (record.problem !== undefined && !record.interrupted) {
    turn.setStatus({ code: SpanStatusCode.ERROR, message: record.problem });
  }
  const child: Child = { tracer, parent: trace.setSpan(parent, turn), wall, usage };
  for (const segment of record.segments) endedSegment(child, segment, false);
  for (const segment of record.hidden) endedSegment(child, segment, true);
  llmSpan(child, record);
  turn.end(wall(Math.max(fromMs, toMs)));
  return turn;
}
