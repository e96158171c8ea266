import { type Change, rejectValue } from '../change.js';
import { hasMarks } from '../replay-plan.js';

/** Draws the time to first content from another provider's distribution. */
export const swap: Change = {
  name: 'swap',
  usage: 'swap=PROVIDER',
  what: 'PROVIDER answers instead of your own',
  prepare(value, study) {
    if (!value) throw rejectValue(this, value, 'for example swap=groq');
    const source = study.ttftOf(value);
    return {
      text: `${value} instead of your provider`,
      assumes: [
        `its times to first content: ${source.text}`,
        'they do not depend on the turn, and its words come as fast after the first one as your provider’s',
        'a connection that was cold stays cold and takes as long',
      ],
      cannotKnow: ['how its answers differ', 'what your prompts take at it, where the figures are others’'],
      gap: {
        missing: ({ plan }) =>
          hasMarks(plan, 'llmRequested', 'firstContent') ? undefined : 'no time to first content',
        apply(plan, { record }, random) {
          const { tcpMs = 0, tlsMs = 0, dnsMs = 0 } = record.llm?.connection ?? {};
          const lagMs = source.drawMs(random) + tcpMs + tlsMs + dnsMs;
          plan.dependencies.set('firstContent', [{ from: 'llmRequested', lagMs }]);
          if (!hasMarks(plan, 'toolsReturned', 'contentAfterTools')) return;
          plan.dependencies.set('contentAfterTools', [
            { from: 'toolsReturned', lagMs: source.drawMs(random) },
          ]);
        },
      },
    };
  },
};
