import {
  type AfterTools,
  type HeardSpeechSpan,
  type MarkName,
  type ToolSpan,
  type TurnRecord,
  toolSilenceOf,
} from '@firstword/turn';

/** Something that is said while a tool runs. */
export interface PlannedFiller {
  /** Longest silence wanted, ms. */
  limitMs: number;
  /** Duration of a phrase, ms. */
  phraseMs: number;
  /** How many phrases there are: none is said twice in a turn. */
  phrases: number;
}

/** What changes do to a turn with tools. */
export interface ToolPlan {
  record: TurnRecord;
  /** When the LLM's call of a tool, the commit and the tools' first answer come, ms on the marks' clock, with the changes of the gap. */
  times: ReadonlyMap<MarkName, number>;
  /** Tools that start before the commit; `all` of them, or by name. */
  readOnly?: 'all' | readonly string[];
  filler?: PlannedFiller;
}

/** A tool that takes less than this is not talked over, ms: as Firstword's filler does. */
const FAST_TOOL_MS = 800;

/** A turn as it would run. */
interface Run {
  tools: ToolSpan[];
  afterTools: AfterTools[];
  speech: HeardSpeechSpan[];
}

/** An event by its recorded time and the time that it would have. */
interface Moved {
  recordedMs: number;
  ms: number;
}

const latestUntil = (events: readonly Moved[], atMs: number): Moved | undefined =>
  events.filter(({ recordedMs }) => recordedMs <= atMs).sort((a, b) => b.recordedMs - a.recordedMs)[0];

function isReadOnly({ name }: ToolSpan, { readOnly }: ToolPlan): boolean {
  return readOnly === 'all' || (readOnly?.includes(name) ?? false);
}

/**
 * The moment of an event that waited for content of the LLM and for the commit, whichever came last. It takes as long after that
 * moment as it did.
 * @param isHeld whether it still waits for the commit
 */
function afterContent(
  atMs: number,
  content: Moved | undefined,
  commit: Moved | undefined,
  isHeld: boolean,
): number {
  const wasHeld = commit !== undefined && commit.recordedMs <= atMs;
  const causes = [...(content ? [content] : []), ...(wasHeld ? [commit] : [])];
  if (causes.length === 0) return atMs;
  const lagMs = atMs - Math.max(...causes.map(({ recordedMs }) => recordedMs));
  const waited = content && !isHeld ? [content] : causes;
  return Math.max(...waited.map(({ ms }) => ms)) + lagMs;
}

/** When each tool, each request with results and each sound would be. */
function runOf(plan: ToolPlan): Run {
  const { record, times } = plan;
  const { marks } = record;
  const moved = (mark: MarkName): Moved[] => {
    const recordedMs = marks[mark];
    return recordedMs === undefined ? [] : [{ recordedMs, ms: times.get(mark) ?? recordedMs }];
  };
  const [commit] = moved('turnCommitted');
  const contents: Moved[] = moved('firstContent');
  const ends: Moved[] = [];
  const run: Run = { tools: [], afterTools: [], speech: [] };
  const requests = [...(record.afterTools ?? [])];
  const takeRequestsUntil = (atMs: number) => {
    while (requests[0] && requests[0].requestedMs <= atMs) {
      const { requestedMs, firstContentMs } = requests.shift()!;
      const end = latestUntil(ends, requestedMs);
      const newMs = end ? end.ms + (requestedMs - end.recordedMs) : requestedMs;
      run.afterTools.push({
        requestedMs: newMs,
        ...(firstContentMs === undefined
          ? {}
          : { firstContentMs: newMs + ttftOf(plan, requestedMs, firstContentMs) }),
      });
      if (firstContentMs !== undefined)
        contents.push({ recordedMs: firstContentMs, ms: run.afterTools.at(-1)!.firstContentMs! });
    }
  };
  for (const tool of [...(record.tools ?? [])].sort((a, b) => a.startedMs - b.startedMs)) {
    takeRequestsUntil(tool.startedMs);
    const content = latestUntil(contents, tool.startedMs);
    const startedMs = afterContent(tool.startedMs, content, commit, !isReadOnly(tool, plan));
    const endedMs = tool.endedMs === undefined ? undefined : startedMs + (tool.endedMs - tool.startedMs);
    run.tools.push({ ...tool, startedMs, ...(endedMs === undefined ? {} : { endedMs }) });
    if (endedMs !== undefined) ends.push({ recordedMs: tool.endedMs!, ms: endedMs });
  }
  takeRequestsUntil(Number.POSITIVE_INFINITY);
  for (const span of record.speech ?? []) {
    if (span.isFiller) {
      if (!plan.filler) run.speech.push(span);
      continue;
    }
    const fromMs = afterContent(span.fromMs, latestUntil(contents, span.fromMs), commit, true);
    run.speech.push({ ...span, fromMs, toMs: fromMs + (span.toMs - span.fromMs) });
  }
  return run;
}

/** The time of the first request after tools changes with the marks of the gap, if they are of this request. */
function ttftOf({ record: { marks }, times }: ToolPlan, requestedMs: number, firstContentMs: number): number {
  const recordedMs = firstContentMs - requestedMs;
  const { toolsReturned, contentAfterTools } = marks;
  if (toolsReturned === undefined || contentAfterTools === undefined) return recordedMs;
  if (Math.abs(contentAfterTools - firstContentMs) > 1) return recordedMs;
  const newMs =
    (times.get('contentAfterTools') ?? contentAfterTools) - (times.get('toolsReturned') ?? toolsReturned);
  return Math.max(0, recordedMs + newMs - (contentAfterTools - toolsReturned));
}

/** When a phrase is due in a silence: after the wanted silence, and over a tool that has taken long. `undefined` if none is. */
function dueMs(
  fromMs: number,
  toMs: number,
  tools: readonly ToolSpan[],
  limitMs: number,
): number | undefined {
  const dues = tools
    .filter(({ startedMs, endedMs = Number.POSITIVE_INFINITY }) => startedMs < toMs && endedMs > fromMs)
    .map(({ startedMs, endedMs = Number.POSITIVE_INFINITY }) => {
      const at = Math.max(fromMs + limitMs, startedMs + FAST_TOOL_MS);
      return at < endedMs && at < toMs ? at : Number.POSITIVE_INFINITY;
    });
  const first = Math.min(...dues);
  return Number.isFinite(first) ? first : undefined;
}

/** Phrases in the silences of a run. What would be heard during a phrase is heard after it. */
function withFillers({ tools, afterTools, speech }: Run, startMs: number, filler: PlannedFiller): Run {
  const spoken: HeardSpeechSpan[] = [];
  let left = filler.phrases;
  let silentSinceMs = startMs;
  for (const span of [...speech].sort((a, b) => a.fromMs - b.fromMs)) {
    let { fromMs } = span;
    for (;;) {
      const due = left > 0 ? dueMs(silentSinceMs, fromMs, tools, filler.limitMs) : undefined;
      if (due === undefined) break;
      left -= 1;
      spoken.push({ fromMs: due, toMs: due + filler.phraseMs, isFiller: true });
      silentSinceMs = due + filler.phraseMs;
      fromMs = Math.max(fromMs, silentSinceMs);
    }
    const toMs = fromMs + (span.toMs - span.fromMs);
    spoken.push({ ...span, fromMs, toMs });
    silentSinceMs = Math.max(silentSinceMs, toMs);
  }
  return { tools, afterTools, speech: spoken };
}

/** When the last tool that starts before the answer would end; `undefined` if none ends. */
export function toolsEndMs(plan: ToolPlan): number | undefined {
  const ends = runOf(plan).tools.flatMap(({ endedMs }) => endedMs ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** The longest silence of a turn with tools as it would run, ms; `undefined` where the record does not have one. */
export function toolSilenceMsOf(plan: ToolPlan): number | undefined {
  const { record, times, filler } = plan;
  const startMs = record.marks.speechEnded;
  if (startMs === undefined) return undefined;
  const run = runOf(plan);
  const marks = { ...record.marks, turnCommitted: times.get('turnCommitted') ?? record.marks.turnCommitted };
  const { tools, afterTools, speech } = filler ? withFillers(run, startMs, filler) : run;
  return toolSilenceOf({ marks, tools, afterTools, speech })?.longestMs;
}
