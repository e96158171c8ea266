import { readFile } from 'node:fs/promises';
import { readWav, type Wav } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import type { Span } from './span.js';
import { speechIn } from './speech-activity.js';

/** One answer and the caller's turn before it. Times in ms from the tape's beginning. */
export interface MeasuredTurn {
  /** First sample of the caller's turn; pauses within it are part of it. */
  callerStartMs: number;
  /** Last speech sample before the answer. */
  callerEndMs: number;
  agentStartMs: number;
  agentEndMs: number;
  /** `agentStartMs − callerEndMs`: the felt gap. */
  gapMs: number;
}

/** What was detected on a tape. */
export interface TapeMeasurement {
  turns: MeasuredTurn[];
  /** Times when both spoke; `by` started while the other was speaking. With `caller` it is a barge-in. */
  overlaps: (Span & { by: 'caller' | 'agent' })[];
  /** Caller speech without an answer for `lostAfterMs`, until the caller spoke again or the tape ended. */
  unanswered: Span[];
  /** All speech of each channel. */
  caller: Span[];
  agent: Span[];
}

/** Options of `detectGaps`. */
export interface GapDetectorOptions {
  /** Agent speech with shorter pauses is one answer, ms; default 700. */
  answerPauseMs?: number;
  /** Caller speech without an answer for this long is unanswered, ms; default 3000. */
  lostAfterMs?: number;
  signal?: AbortSignal | undefined;
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

/** Answers that started in silence, each with the caller speech since the previous answer. */
function turnsOf(caller: readonly Span[], answers: readonly Span[]): MeasuredTurn[] {
  return answers.flatMap((answer, index) => {
    const before = answers[index - 1] ?? { startMs: -Infinity, endMs: -Infinity };
    const spokenOver = caller.some((s) => s.startMs < answer.startMs && s.endMs > answer.startMs);
    // If the caller kept speaking through a premature answer, the next answer counts as the answer to that speech.
    const turn = caller.filter(
      (s) => (s.startMs > before.startMs || s.endMs > before.endMs) && s.endMs <= answer.startMs,
    );
    const last = turn.at(-1);
    // An answer that continues after its own pause has no caller speech before it, so it is not a turn.
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
    const answered = agent.some((answer) => answer.endMs > speech.endMs && answer.startMs < untilMs);
    return !answered && untilMs - speech.endMs >= lostAfterMs;
  });
}

/**
 * Detects the turns of a dual-channel tape and their felt gaps. Uses the audio alone, without marks, records or events, so
 * that it can verify them.
 * @throws FirstwordError `bad_input` for a mono recording; `aborted`
 */
export async function detectGaps(wav: Wav, options: GapDetectorOptions = {}): Promise<TapeMeasurement> {
  const [left, right] = wav.channels;
  if (!left || !right) {
    const message = 'a tape has two channels, left the caller and right the agent: this recording is mono';
    throw new FirstwordError('bad_input', message);
  }
  const [caller, agent] = await Promise.all([
    speechIn(left, wav.sampleRateHz, options),
    speechIn(right, wav.sampleRateHz, options),
  ]);
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

/** Groups agent speech into answers: a pause ends an answer only if it is long or the caller spoke in it. */
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
 * Reads a tape from a WAV file and detects its gaps.
 * @throws FirstwordError `bad_input` for a file that cannot be read or is not a stereo 16-bit WAV file
 */
export async function detectGapsInFile(
  path: string,
  options: GapDetectorOptions = {},
): Promise<TapeMeasurement> {
  const bytes = await readFile(path, options.signal ? { signal: options.signal } : {}).catch(
    (cause: unknown) => {
      options.signal?.throwIfAborted();
      throw new FirstwordError('bad_input', `the tape at ${path} cannot be read: check the path`, { cause });
    },
  );
  return detectGaps(readWav(bytes, path), options);
}
