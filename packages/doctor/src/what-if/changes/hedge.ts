import type { MarkName } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import { type Change, durationMsOf, rejectValue } from '../change.js';
import { hasMarks, type ReplayPlan, spanMs } from '../replay-plan.js';
import type { TtftSource } from '../ttft.js';

const DEFAULT_DELAY_MS = 500;

function race(
  plan: ReplayPlan,
  pair: [MarkName, MarkName],
  hedge: { source: TtftSource; delayMs: number },
  random: Random,
) {
  const [from, to] = pair;
  if (!hasMarks(plan, from, to)) return;
  const ownMs = spanMs(plan, from, to);
  if (ownMs <= hedge.delayMs) return;
  const otherMs = hedge.delayMs + hedge.source.drawMs(random);
  if (otherMs < ownMs) plan.dependencies.set(to, [{ from, lagMs: otherMs }]);
}

/** A second request where the first is late; the first content wins. */
export const hedge: Change = {
  name: 'hedge',
  usage: 'hedge=PROVIDER@DELAY',
  what: 'a second request to PROVIDER where no content came within DELAY (default 500ms)',
  prepare(value, study) {
    const [name = '', delay] = (value ?? '').split('@');
    const delayMs = delay === undefined ? DEFAULT_DELAY_MS : durationMsOf(delay);
    if (name === '' || delayMs === undefined) throw rejectValue(this, value, 'for example hedge=groq@500ms');
    const source = study.ttftOf(name);
    return {
      text: `hedge to ${name} after ${delayMs} ms`,
      assumes: [
        `times to first content of the second request: ${source.text}`,
        'both are slow independently of each other, and no budget stops a hedge',
        'its words come as fast after the first one, and its connection is warm',
      ],
      cannotKnow: ['whether your provider and this one have slow moments at the same time'],
      gap: {
        missing: ({ record, plan }) => {
          if ((record.llm?.attempts?.length ?? 1) > 1) return 'more than one request was made already';
          return hasMarks(plan, 'llmRequested', 'firstContent') ? undefined : 'no time to first content';
        },
        apply(plan, _turn, random) {
          race(plan, ['llmRequested', 'firstContent'], { source, delayMs }, random);
          race(plan, ['toolsReturned', 'contentAfterTools'], { source, delayMs }, random);
        },
      },
    };
  },
};
