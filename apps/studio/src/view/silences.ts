import type { CallRecord, TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { LEVERS } from '../protocol.js';
import { currentTurn } from '../state/selectors.js';
import type { StudioState } from '../state/state.js';
import { msText } from './format.js';
import type { Timeline, TimelineSegment } from './waterfall-layout.js';

/** A silence of the call besides the felt gap, as the page shows it. */
export interface ShownSilence {
  name: 'hello' | 'tool' | 'bargeIn' | 'afterBargeIn';
  /** Display name. */
  label: string;
  /** The newest, ms; absent where there is none. */
  ms?: number;
  /** How many there were. */
  count: number;
  /** Percentiles, ms; only of two and more. */
  percentiles?: { p50Ms: number; p95Ms: number };
  /** What it is, or why it is not known. */
  note: string;
  /** Its parts; empty where there is no ledger of it. */
  segments: readonly TimelineSegment[];
}

const LABELS: Record<ShownSilence['name'], string> = {
  hello: 'Time to hello',
  tool: 'Silence at tools',
  bargeIn: 'Stop at a barge-in',
  afterBargeIn: 'Gap after a barge-in',
};

const GREETINGS: Record<NonNullable<CallRecord['greeting']>, string> = {
  cached: 'from the cache',
  said: 'a fixed text, synthesized now',
  generated: 'written by the LLM',
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The time to hello of a call; `undefined` where it is not known. */
export function helloTimeline({ helloMs, segments, hidden }: CallRecord): Timeline | undefined {
  const [first] = segments;
  return helloMs === undefined || !first
    ? undefined
    : { zeroMs: first.fromMs, lengthMs: helloMs, segments, hidden };
}

/** The longest silence of a turn with tools; `undefined` where there is none, or it is not known. */
export function toolTimeline({ toolSilence }: TurnRecord): Timeline | undefined {
  const first = toolSilence?.segments[0];
  if (!toolSilence || !first) return undefined;
  return {
    zeroMs: first.fromMs,
    lengthMs: toolSilence.longestMs,
    segments: toolSilence.segments,
    hidden: [],
  };
}

function helloOf(call: CallRecord | undefined): ShownSilence {
  const shown = { name: 'hello', label: LABELS.hello, count: 0, segments: [] } as const;
  if (!call) return { ...shown, note: 'From the start of the call to the agent’s first sound.' };
  const { helloMs, problem, greeting, segments } = call;
  if (helloMs === undefined) return { ...shown, note: sentence(problem ?? 'not known') };
  const from = greeting ? `The greeting is ${GREETINGS[greeting]}.` : 'From the start of the call.';
  return { ...shown, ms: helloMs, count: 1, segments, note: from };
}

/** One of the silences, newest first. */
interface Found {
  ms: number;
  segments: readonly TimelineSegment[];
}

function silenceOf(name: ShownSilence['name'], found: readonly Found[], note: string): ShownSilence {
  const sorted = ascending(found.map(({ ms }) => ms));
  const [newest] = found;
  return {
    name,
    label: LABELS[name],
    count: found.length,
    note,
    ...(newest ? { ms: newest.ms } : {}),
    ...(found.length > 1
      ? { percentiles: { p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) } }
      : {}),
    segments: newest?.segments ?? [],
  };
}

function toolsOf(turns: readonly TurnRecord[]): ShownSilence {
  const found = turns.flatMap(({ toolSilence }) =>
    toolSilence ? [{ ms: toolSilence.longestMs, segments: toolSilence.segments }] : [],
  );
  const ran = turns.filter(({ toolCalls }) => toolCalls > 0).length;
  const note =
    found.length > 0
      ? 'The longest without a sound while tools run.'
      : ran > 0
        ? 'Not known: no answer was heard after the tool.'
        : 'No tool has run.';
  return silenceOf('tool', found, note);
}

function stopsOf(turns: readonly TurnRecord[]): ShownSilence {
  const all = turns.flatMap(({ interruptions = [] }) => interruptions);
  const meant = all.filter(({ isFalse }) => !isFalse);
  const found = meant.flatMap(({ callerFromMs, stoppedMs }) =>
    stoppedMs === undefined || stoppedMs < callerFromMs
      ? []
      : [{ ms: stoppedMs - callerFromMs, segments: [] }],
  );
  const falseStops = all.filter(({ isFalse, stoppedMs }) => isFalse && stoppedMs !== undefined).length;
  const note =
    found.length > 0
      ? 'From the caller’s first sound to the agent’s last.'
      : turns.some(({ bargeIn }) => bargeIn)
        ? 'Not recorded: the agent’s last sound is not known.'
        : 'Nobody has broken in.';
  const wrong = falseStops > 0 ? ` False stops: ${falseStops}.` : '';
  return silenceOf('bargeIn', found.toReversed(), `${note}${wrong}`);
}

function afterOf(turns: readonly TurnRecord[]): ShownSilence {
  const after = turns.filter(({ bargeIn }) => bargeIn);
  const found = after.flatMap(({ feltGapMs, segments }) =>
    feltGapMs === undefined ? [] : [{ ms: feltGapMs, segments }],
  );
  const note =
    found.length > 0
      ? 'The felt gap of turns that began over the agent.'
      : after.length > 0
        ? 'Not known: no answer was heard.'
        : 'Nobody has broken in.';
  return silenceOf('afterBargeIn', found, note);
}

/**
 * The silences of the current or last call besides the felt gap. Like its percentiles, they are of the turns with the levers of the
 * newest one; the time to hello is of the call's beginning.
 */
export function silencesOf(state: StudioState): ShownSilence[] {
  const newest = currentTurn(state)?.record;
  const turns = state.turns.flatMap(({ record, final }) =>
    final &&
    record.callId === newest?.callId &&
    LEVERS.every((lever) => record.levers?.[lever] === newest.levers?.[lever])
      ? [record]
      : [],
  );
  return [helloOf(state.callRecord), toolsOf(turns), stopsOf(turns), afterOf(turns)];
}

/** The largest parts of a silence with their lengths: "TTS first byte 310, session start 120 ms". */
export function partsText(segments: readonly TimelineSegment[], most = 2): string {
  const largest = [...segments].sort((a, b) => b.durationMs - a.durationMs).slice(0, most);
  const shown = largest.filter(({ durationMs }) => durationMs >= 1);
  if (shown.length === 0) return '';
  return `${shown.map(({ name, durationMs }) => `${name} ${msText(durationMs)}`).join(', ')} ms`;
}
