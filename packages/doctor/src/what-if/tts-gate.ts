import type { Dependency } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import type { ReplayContext, ReplayTurn } from './change.js';
import { hasMarks, type ReplayPlan } from './replay-plan.js';

/** Default time from first content to first TTS text if no turn shows it, ms: a sentence at 100 tokens a second. */
const USUAL_CLAUSE_MS = 100;

/** Until the commit, LiveKit holds the LLM's text back from the TTS, unless preemptive TTS is on. */
export interface TtsGate {
  assumes: string;
  /** Makes the TTS wait for the commit. */
  hold(plan: ReplayPlan, turn: ReplayTurn): void;
  /** Lets the TTS synthesize before the commit; the audio is still held until the commit. */
  release(plan: ReplayPlan): void;
}

const contentOf = (plan: ReplayPlan) =>
  hasMarks(plan, 'contentAfterTools') ? 'contentAfterTools' : 'firstContent';

/** From the content to the first text for the voice in turns in which nothing but that was waited for. */
function clauseTimes(turns: readonly ReplayTurn[]): number[] {
  return turns.flatMap(({ plan }) => {
    const from = contentOf(plan);
    const need = plan.dependencies.get('firstClause')?.find((one) => one.from === from);
    return need && need.lagMs > 0 ? [need.lagMs] : [];
  });
}

const without = (needs: readonly Dependency[] | undefined, from: Dependency['from']): Dependency[] =>
  (needs ?? []).filter((need) => need.from !== from);

function addNeed(plan: ReplayPlan, mark: 'firstClause' | 'framePublished'): void {
  const others = without(plan.dependencies.get(mark), 'turnCommitted');
  plan.dependencies.set(mark, [...others, { from: 'turnCommitted', lagMs: 0 }]);
}

/** The gate between LLM and TTS, with delays taken from these turns. */
export function ttsGateOf({ turns }: ReplayContext): TtsGate {
  const seen = median(clauseTimes(turns));
  const clauseMs = seen ?? USUAL_CLAUSE_MS;
  const source = seen === undefined ? 'assumed: none of your turns shows it' : 'your median';
  return {
    assumes: `where the TTS was held for the commit, its first text was ready ${Math.round(clauseMs)} ms after the first content (${source})`,
    hold(plan, { record }) {
      addNeed(plan, 'framePublished');
      if (record.levers?.preemptiveTts !== true) addNeed(plan, 'firstClause');
    },
    release(plan) {
      const from = contentOf(plan);
      const clause = plan.dependencies.get('firstClause')?.find((need) => need.from === from);
      const lagMs = clause && clause.lagMs > 0 ? clause.lagMs : clauseMs;
      plan.dependencies.set('firstClause', [{ from, lagMs }]);
      plan.dependencies.set('ttsRequested', without(plan.dependencies.get('ttsRequested'), 'turnCommitted'));
      addNeed(plan, 'framePublished');
    },
  };
}
