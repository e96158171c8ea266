import { seededRandom, shuffled } from '@firstword/turn/statistics';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';

/** One scheduled request. */
export interface PlannedRequest {
  /** From 0, in send order. */
  index: number;
  arm: BenchArm;
  warmUp: boolean;
  conversation: number;
  turn: number;
  /** Scheduled send time from the start of the schedule, ms. */
  scheduledMs: number;
}

/** The conversation and turn of an arm's n-th request. The scripts (languages) alternate from request to request. */
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

/** Whether an arm with this many bursts sends one in this round; bursts are spread evenly over the rounds. */
const isDue = (round: number, bursts: number, rounds: number) =>
  Math.floor(((round + 1) * bursts) / rounds) > Math.floor((round * bursts) / rounds);

/**
 * Schedules every request of the plan: warm-up rounds, then the counted ones. Each round contains every arm in random
 * order, so that changes at a provider or in the network affect all arms alike. Send times are fixed in advance (open
 * loop), each at a random point of its time slot, so that they cannot synchronise with anything periodic.
 *
 * @param scripts number of conversations to alternate between
 */
export function schedule(plan: BenchPlan, arms: readonly BenchArm[], scripts: number): PlannedRequest[] {
  const random = seededRandom(plan.seed);
  const slotMs = 1000 / plan.perSecond;
  const sent = new Map<string, number>();
  const requests: PlannedRequest[] = [];
  let slot = 0;
  const send = (arm: BenchArm, count: number, warmUp: boolean) => {
    const scheduledMs = (slot + random.uniform()) * slotMs;
    slot += 1;
    for (let i = 0; i < count; i += 1) {
      const nth = sent.get(arm.id) ?? 0;
      sent.set(arm.id, nth + 1);
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
    for (const arm of shuffled(arms, random)) send(arm, 1, true);
  }
  for (let round = 0; round < plan.turns; round += 1) {
    for (const arm of shuffled(arms, random)) {
      const bursts = Math.ceil(plan.turns / arm.concurrency);
      if (isDue(round, bursts, plan.turns)) send(arm, arm.concurrency, false);
    }
  }
  return requests;
}
