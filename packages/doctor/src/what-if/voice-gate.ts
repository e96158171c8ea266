import { median } from '@firstword/turn/statistics';
import type { ReplayTurn, Study } from './lever.js';
import { has, type Need, type Plan } from './plan.js';

/** From the first content to the first text for the voice, where no turn tells: a sentence at 100 tokens a second. */
const USUAL_CLAUSE_MS = 100;

/** Until the commit, LiveKit keeps from the voice what the LLM writes, unless the voice is preemptive. */
export interface VoiceGate {
  assumes: string;
  /** The voice waits for the commit. */
  hold(plan: Plan, turn: ReplayTurn): void;
  /** The voice does not wait for the commit; what it says does. */
  release(plan: Plan): void;
}

const contentOf = (plan: Plan) => (has(plan, 'contentAfterTools') ? 'contentAfterTools' : 'firstContent');

/** From the content to the first text for the voice in turns in which nothing but that was waited for. */
function clauseTimes(turns: readonly ReplayTurn[]): number[] {
  return turns.flatMap(({ plan }) => {
    const from = contentOf(plan);
    const need = plan.needs.get('firstClause')?.find((one) => one.from === from);
    return need && need.lagMs > 0 ? [need.lagMs] : [];
  });
}

const without = (needs: readonly Need[] | undefined, from: Need['from']): Need[] =>
  (needs ?? []).filter((need) => need.from !== from);

function addNeed(plan: Plan, mark: 'firstClause' | 'framePublished'): void {
  const others = without(plan.needs.get(mark), 'turnCommitted');
  plan.needs.set(mark, [...others, { from: 'turnCommitted', lagMs: 0 }]);
}

export function gateVoice({ turns }: Study): VoiceGate {
  const seen = median(clauseTimes(turns));
  const clauseMs = seen ?? USUAL_CLAUSE_MS;
  const told = seen === undefined ? 'assumed: no turn of yours tells' : 'your median';
  return {
    assumes: `where the voice was held for the commit, the first text for it was there ${Math.round(clauseMs)} ms after the first content (${told})`,
    hold(plan, { record }) {
      addNeed(plan, 'framePublished');
      if (record.levers?.preemptiveTts !== true) addNeed(plan, 'firstClause');
    },
    release(plan) {
      const from = contentOf(plan);
      const clause = plan.needs.get('firstClause')?.find((need) => need.from === from);
      const lagMs = clause && clause.lagMs > 0 ? clause.lagMs : clauseMs;
      plan.needs.set('firstClause', [{ from, lagMs }]);
      plan.needs.set('ttsRequested', without(plan.needs.get('ttsRequested'), 'turnCommitted'));
      addNeed(plan, 'framePublished');
    },
  };
}
