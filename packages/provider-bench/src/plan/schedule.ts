import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { seeded } from './seeded.js';

/** One request that is to be sent. */
export interface PlannedRequest {
  /** From 0, in the order of sending. */
  index: number;
  arm: BenchArm;
  warmUp: boolean;
  conversation: number;
  turn: number;
  /** After the first moment at which a request may be due, ms. */
  scheduledMs: number;
}

/** Which conversation and turn an arm's n-th request is. The languages take turns, request by request. */
export function conversationPosition(
  nth: number,
  plan: Pick<BenchPlan, 'historyTurns'>,
  scripts: number,
): Pick<PlannedRequest, 'conversation' | 'turn'> {
  const step = Math.floor(nth / scripts);
  return {
    conversation: Math.floor(step / plan.historyTurns) * scripts + (nth % scripts),
    turn: step % plan.historyTurns,
  };
}

/** The rounds of `rounds` in which an arm has one of its `bursts`, spread evenly. */
const isDue = (round: number, bursts: number, rounds: number) =>
  Math.floor(((round + 1) * bursts) / rounds) > Math.floor((round * bursts) / rounds);

/**
 * Every request of the plan: warm-up rounds, then the counted ones. In each round every arm has its turn, in a random
 * order, so that what changes at a provider or on the way meets all arms alike. The moments are set beforehand (open
 * loop), each at a random point of its own stretch of time, so that nothing periodic falls in step with them.
 *
 * @param scripts number of conversations that take turns
 */
export function schedule(plan: BenchPlan, arms: readonly BenchArm[], scripts: number): PlannedRequest[] {
  const random = seeded(plan.seed);
  const stretchMs = 1000 / plan.perSecond;
  const asked = new Map<string, number>();
  const requests: PlannedRequest[] = [];
  let stretch = 0;
  const send = (arm: BenchArm, count: number, warmUp: boolean) => {
    const scheduledMs = (stretch + random.uniform()) * stretchMs;
    stretch += 1;
    for (let i = 0; i < count; i += 1) {
      const nth = asked.get(arm.id) ?? 0;
      asked.set(arm.id, nth + 1);
      requests.push({
        index: requests.length,
        arm,
        warmUp,
        ...conversationPosition(nth, plan, scripts),
        scheduledMs,
      });
    }
  };
  for (let round = 0; round < plan.warmUps; round += 1) {
    for (const arm of random.shuffled(arms)) send(arm, 1, true);
  }
  for (let round = 0; round < plan.turns; round += 1) {
    for (const arm of random.shuffled(arms)) {
      const bursts = Math.ceil(plan.turns / arm.concurrency);
      if (isDue(round, bursts, plan.turns)) send(arm, arm.concurrency, false);
    }
  }
  return requests;
}
