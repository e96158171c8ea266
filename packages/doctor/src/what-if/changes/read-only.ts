import { timesOf, unknownName } from '@firstword/turn';
import { type Change, rejectValue } from '../change.js';
import { hasMarks, type ReplayPlan, spanMs } from '../replay-plan.js';
import { type ToolPlan, toolsEndMs } from '../tool-plan.js';

/** By how much sooner the tools return, ms. */
function soonerMs(
  plan: ReplayPlan,
  record: ToolPlan['record'],
  readOnly: NonNullable<ToolPlan['readOnly']>,
): number {
  const times = timesOf(plan);
  const before = toolsEndMs({ record, times });
  const after = toolsEndMs({ record, times, readOnly });
  return before === undefined || after === undefined ? 0 : Math.max(0, before - after);
}

/** Tools that change nothing run with the speculation, before the commit. */
export const readOnly: Change = {
  name: 'read-only',
  usage: 'read-only[=TOOL,TOOL]',
  what: 'these tools (default: all) run before the commit, where the LLM has called them before it',
  prepare(value, { toolNames }) {
    const named =
      value === undefined || value === 'on' ? undefined : value.split(',').map((name) => name.trim());
    for (const name of named ?? []) {
      if (name === '') throw rejectValue(this, value, 'for example read-only=look_up,opening_hours');
      if (!toolNames.includes(name)) throw unknownName('tool', name, toolNames);
    }
    const tools = named ?? 'all';
    return {
      text: `${named === undefined ? 'all tools' : named.join(', ')} read-only, run before the commit`,
      assumes: [
        'they change nothing, so that running them again after a discarded speculation does no harm',
        'a tool starts as fast after the LLM’s call as it did after the commit, and takes as long',
        'the answer is not heard before the commit',
      ],
      cannotKnow: ['which of your tools are read-only', 'how often they would run in vain'],
      gap: {
        missing: ({ record }) =>
          record.toolCalls > 0 && record.tools === undefined
            ? 'the times of the tools were not recorded'
            : undefined,
        apply(plan, { record }) {
          if (!hasMarks(plan, 'firstContent', 'toolsReturned')) return;
          const savedMs = soonerMs(plan, record, tools);
          if (savedMs <= 0) return;
          const lagMs = Math.max(0, spanMs(plan, 'firstContent', 'toolsReturned') - savedMs);
          plan.dependencies.set('toolsReturned', [{ from: 'firstContent', lagMs }]);
        },
      },
      tool: {
        missing: ({ marks }) =>
          marks.firstContent === undefined || marks.turnCommitted === undefined
            ? 'the time of the LLM’s call, or of the commit, was not recorded'
            : undefined,
        apply(plan) {
          plan.readOnly = tools;
        },
      },
    };
  },
};
