import { ascending, percentile } from '@firstword/turn/statistics';
import { type BlockStatistic, blockStatistic } from '../overhead-figures.js';
import { measureStragglers, type StragglerArm } from '../stragglers.js';
import { checkAtMost, type GatewayCheck, textTable, withInterval } from '../tables.js';
import type { GatewayBenchPart, GatewayPartResult } from './part.js';

const QUESTIONS = 5_000;
const QUICK_QUESTIONS = 400;
const CALLS = 24;
/** Targets: p99 of the single provider's, and requests sent upstream for each that a client sent. */
const P99_RATIO = 0.38;
const REQUESTS = 1.11;

const p99 = (values: readonly number[]) => percentile(ascending(values), 99);

/** Questions that every arm answered, so that all are compared on the same ones; one block each. */
function answered(arms: readonly StragglerArm[]): number[] {
  return arms[0]!.timesMs.flatMap((_, at) =>
    arms.every(({ timesMs }) => timesMs[at] !== undefined) ? [at] : [],
  );
}

const checksOf = (ratio: BlockStatistic, requestsPerQuestion: number): GatewayCheck[] => [
  checkAtMost({ what: 'stragglers: p99 of direct', limit: P99_RATIO, measured: ratio, digits: 2 }),
  checkAtMost({
    what: 'stragglers: requests upstream for each question',
    limit: REQUESTS,
    measured: { value: requestsPerQuestion, low: requestsPerQuestion, high: requestsPerQuestion },
    digits: 3,
  }),
];

/** 1 % stragglers on the primary. */
export const stragglersPart: GatewayBenchPart = {
  about:
    '1 % stragglers of 5 s on the primary: p99 to first content and extra requests, against the provider alone',
  async run({ ours, peers, quick, requests, seeds, folder, progress, signal }): Promise<GatewayPartResult> {
    const missing: GatewayPartResult['missing'] = [];
    const questions = requests ?? (quick ? QUICK_QUESTIONS : QUESTIONS);
    const arms = await measureStragglers({
      gateways: [ours, ...peers],
      questions,
      calls: CALLS,
      seed: seeds ?? 1,
      folder,
      onMissing: (name, reason) => missing.push({ name, reason }),
      progress: (done) => progress(`stragglers: question ${done} of ${questions}`),
      signal,
    });
    const questionsOfAll = answered(arms);
    const times = (arm: StragglerArm) => questionsOfAll.map((at) => [arm.timesMs[at]!]);
    const direct = times(arms[0]!);
    const ratio = (arm: StragglerArm) => blockStatistic([times(arm), direct], ([a, b]) => p99(a!) / p99(b!));
    const rows = arms.map((arm) => {
      const sorted = ascending(times(arm).flat());
      const at = (percent: number) => percentile(sorted, percent).toFixed(0);
      const of = arm === arms[0] ? '–' : withInterval(ratio(arm), 2);
      return [
        arm.name,
        String(sorted.length),
        at(50),
        at(95),
        at(99),
        of,
        arm.requestsPerQuestion.toFixed(3),
      ];
    });
    const mine = arms.find(({ name }) => name === ours.name);
    const title = `Emulated gpt-4o-mini with 1 % stragglers of 5 s, Groq's gpt-oss-120b behind it; ${CALLS} calls at a time`;
    const table = textTable(
      ['arm', 'n', 'p50 ms', 'p95 ms', 'p99 ms', 'p99 of direct', 'requests a question'],
      rows,
    );
    const failures = arms.flatMap((arm) => arm.failures.map((failure) => `${arm.name} failed: ${failure}`));
    return {
      tables: [[title, table, ...failures].join('\n')],
      checks: mine ? checksOf(ratio(mine), mine.requestsPerQuestion) : [],
      missing,
      data: arms,
    };
  },
};
