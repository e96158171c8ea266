import { readFile } from 'node:fs/promises';
import { readWav, type Wav } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { type Span, speechIn } from './speech-activity.js';

/** One answer, and the caller's speech that it came after. Times in ms from the tape's beginning. */
export interface MeasuredTurn {
  /** First sample of the caller's turn; pauses within it are part of it. */
  callerStartMs: number;
  /** Last speech sample before the answer. */
  callerEndMs: number;
  agentStartMs: number;
  agentEndMs: number;
  /** `agentStartMs − callerEndMs`: the felt gap, from the samples alone. */
  gapMs: number;
}

export interface TapeMeasurement {
  turns: MeasuredTurn[];
  /** Both spoke; `by` began while the other was speaking. A `caller` one is a barge-in. */
  overlaps: (Span & { by: 'caller' | 'agent' })[];
  /** Caller speech that nothing was said after for `lostAfterMs`, before the caller spoke again or the tape ended. */
  unanswered: Span[];
  /** All speech of each channel. */
  caller: Span[];
  agent: Span[];
}

export interface GapDetectorOptions {
  /** Agent speech with a shorter pause in it is one answer, ms; 700 unless told. */
  answerPauseMs?: number;
  /** A caller who heard nothing for this long was not answered, ms; 3000 unless told. */
  lostAfterMs?: number;
}

const overlapOf = (a: Span, b: Span): Span => ({
  startMs: Math.max(a.startMs, b.startMs),
  endMs: Math.min(a.endMs, b.endMs),
});

function overlapsOf(caller: readonly Span[], agent: readonly Span[]): TapeMeasurement['overlaps'] {
  return agent.flatMap((answer) =>
    caller
      .map((speech) => ({
        ...overlapOf(speech, answer),
        by: speech.startMs > answer.startMs ? ('caller' as const) : ('agent' as const),
      }))
      .filter((both) => both.endMs > both.startMs),
  );
}

/** Answers that began in silence, each with the caller speech since the answer before it. */
function turnsOf(caller: readonly Span[], answers: readonly Span[]): MeasuredTurn[] {
  return answers.flatMap((answer, index) => {
    const before = answers[index - 1] ?? { startMs: -Infinity, endMs: -Infinity };
    const spokenOver = caller.some((s) => s.startMs < answer.startMs && s.endMs > answer.startMs);
    // A caller who spoke on through an answer that came too soon is answered by the next one.
    const turn = caller.filter(
      (s) => (s.startMs > before.startMs || s.endMs > before.endMs) && s.endMs <= answer.startMs,
    );
    const last = turn.at(-1);
    // An answer that goes on after its own pause has no caller speech before it, and is no turn.
    if (!last || spokenOver) return [];
    return {
      callerStartMs: turn[0]!.startMs,
      callerEndMs: last.endMs,
      agentStartMs: answer.startMs,
      agentEndMs: answer.endMs,
      gapMs: answer.startMs - last.endMs,
    };
  });
}

function unansweredOf(
  caller: readonly Span[],
  agent: readonly Span[],
  endMs: number,
  lostAfterMs: number,
): Span[] {
  return caller.filter((speech, index) => {
    const untilMs = caller[index + 1]?.startMs ?? endMs;
    const heard = agent.some((answer) => answer.endMs > speech.endMs && answer.startMs < untilMs);
    return !heard && untilMs - speech.endMs >= lostAfterMs;
  });
}

/**
 * Measures every turn of a dual-channel tape from its samples alone: it knows nothing of marks, records or events, so
 * that it can contradict them.
 * @throws FirstwordError `bad_input` for a recording that is not stereo
 */
export function detectGaps(wav: Wav, options: GapDetectorOptions = {}): TapeMeasurement {
  const [left, right] = wav.channels;
  if (!left || !right) {
    const message = 'the tape needs two channels, left the caller and right the agent: this one is mono';
    throw new FirstwordError('bad_input', message);
  }
  const caller = speechIn(left, wav.sampleRateHz);
  const agent = speechIn(right, wav.sampleRateHz);
  const answers = answersOf(caller, agent, options.answerPauseMs ?? 700);
  const endMs = (left.length / wav.sampleRateHz) * 1000;
  return {
    turns: turnsOf(caller, answers),
    overlaps: overlapsOf(caller, answers),
    unanswered: unansweredOf(caller, agent, endMs, options.lostAfterMs ?? 3000),
    caller,
    agent,
  };
}

/** Agent speech as answers: a pause ends one only if it is long, or if the caller spoke in it. */
function answersOf(caller: readonly Span[], agent: readonly Span[], pauseMs: number): Span[] {
  const answers: Span[] = [];
  for (const span of agent) {
    const last = answers.at(-1);
    const goesOn =
      last &&
      span.startMs - last.endMs < pauseMs &&
      !caller.some((speech) => speech.endMs > last.endMs && speech.endMs <= span.startMs);
    if (goesOn) last.endMs = span.endMs;
    else answers.push({ ...span });
  }
  return answers;
}

/**
 * Reads a tape and measures it.
 * @throws FirstwordError `bad_input` for a file that is not there, or no stereo 16-bit WAV
 */
export async function detectGapsInFile(
  path: string,
  options: GapDetectorOptions & { signal?: AbortSignal } = {},
): Promise<TapeMeasurement> {
  const bytes = await readFile(path, { signal: options.signal }).catch((cause: unknown) => {
    options.signal?.throwIfAborted();
    throw new FirstwordError('bad_input', `there is no tape to read at ${path}: check the path`, { cause });
  });
  return detectGaps(readWav(bytes, path), options);
}
