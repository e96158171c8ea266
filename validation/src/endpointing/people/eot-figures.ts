import { endProbability, meanProbability } from '@firstword/turn';
import { mean } from '@firstword/turn/statistics';
import type { RecordedPause } from '../pause.js';
import { ANSWER_MS, calibratedAt, endingAt, probabilityAt, VAD_END_MS } from '../policies.js';

/** What one source of end-of-turn probabilities could reach with the best fixed delays: the figures of LiveKit's eot-bench. */
export interface EotFigures {
  source: string;
  /** Least share of pauses cut off with a mean delay of at most this, by ms; `undefined` if no delays are that short. */
  cutAtMeanMs: Record<number, number | undefined>;
  /** Least mean delay with at most this share of pauses cut off, ms. */
  meanMsAtCut: Record<number, number | undefined>;
}

/** A probability of the end, and the silence after which it is known, ms. */
interface Scored {
  pause: RecordedPause;
  score: number;
  knownMs: number;
}

const MEAN_MS = [300, 400, 600];
const CUT_SHARES = [0.05, 0.1];
const THRESHOLDS = Array.from({ length: 41 }, (_, i) => i / 40);
const ACTION_MS = [256, 300, 350, 400, 500, 600, 800];
const TIMEOUT_MS = [400, 500, 600, 700, 800, 1000, 1200, 1500, 2000, 2500, 3000];

/** The model's answers up to a silence; a session cannot ask later than the caller goes on. */
function answersOf(
  pause: RecordedPause,
  queriesMs: readonly number[],
  answerAt: typeof probabilityAt,
): { answers: number[]; knownMs: number } {
  const answers = queriesMs.flatMap((ms) => answerAt(pause, ms) ?? []);
  return { answers, knownMs: (queriesMs[answers.length - 1] ?? 0) + ANSWER_MS };
}

const SOURCES: Record<string, (pause: RecordedPause) => Omit<Scored, 'pause'>> = {
  'v1-mini, asked once at 256 ms': (pause) => {
    const { answers, knownMs } = answersOf(pause, [256], probabilityAt);
    return { score: answers[0] ?? 0, knownMs };
  },
  'v1-mini, calibrated, asked at 160 and 256 ms, and the words': (pause) => {
    const { answers, knownMs } = answersOf(pause, [160, 256], calibratedAt);
    const probability = meanProbability(answers);
    const { confidence } = pause;
    return { score: endProbability({ probability, ending: endingAt(pause), confidence }), knownMs };
  },
  'silence alone': () => ({ score: 0, knownMs: 0 }),
};

/** Mean delay at the ends and share of the pauses cut off, for one threshold, delay and timeout. */
function outcome(
  scored: readonly Scored[],
  delays: { threshold: number; actionMs: number; timeoutMs: number },
) {
  const { threshold, actionMs, timeoutMs } = delays;
  const waitMs = ({ score, knownMs }: Scored) =>
    score >= threshold ? Math.max(VAD_END_MS, actionMs, knownMs) : timeoutMs;
  const ends = scored.filter(({ pause }) => pause.end);
  const inside = scored.filter(({ pause }) => pause.resumedAfterMs !== undefined);
  return {
    meanMs: mean(ends.map((one) => one.pause.tailMs + waitMs(one))),
    cut: mean(inside.map((one) => (waitMs(one) < one.pause.resumedAfterMs! ? 1 : 0))),
  };
}

const least = (values: readonly number[]) => (values.length > 0 ? Math.min(...values) : undefined);

/**
 * The figures for each source on the given pauses. The delays are chosen on the pauses that they are reported on, as eot-bench does.
 */
export function eotFigures(pauses: readonly RecordedPause[]): EotFigures[] {
  return Object.entries(SOURCES).map(([source, score]) => {
    const scored = pauses.map((pause) => ({ pause, ...score(pause) }));
    const outcomes = THRESHOLDS.flatMap((threshold) =>
      ACTION_MS.flatMap((actionMs) =>
        TIMEOUT_MS.filter((timeoutMs) => timeoutMs >= actionMs).map((timeoutMs) =>
          outcome(scored, { threshold, actionMs, timeoutMs }),
        ),
      ),
    );
    const cutWithin = (ms: number) => least(outcomes.filter((o) => o.meanMs <= ms).map((o) => o.cut));
    const meanWithin = (share: number) => least(outcomes.filter((o) => o.cut <= share).map((o) => o.meanMs));
    return {
      source,
      cutAtMeanMs: Object.fromEntries(MEAN_MS.map((ms) => [ms, cutWithin(ms)])),
      meanMsAtCut: Object.fromEntries(CUT_SHARES.map((share) => [share, meanWithin(share)])),
    };
  });
}
