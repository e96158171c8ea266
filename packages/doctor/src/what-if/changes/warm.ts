import { type Change, rejectAnyValue } from '../change.js';
import { hasMarks, spanMs } from '../replay-plan.js';

/** Connections that are there when the request is made. */
export const warm: Change = {
  name: 'warm',
  usage: 'warm',
  what: 'every connection to the LLM is open before it is needed',
  prepare(value) {
    rejectAnyValue(this, value);
    return {
      text: 'warm connections',
      assumes: ['the whole time that a cold request waited for its connection is saved, and nothing else'],
      cannotKnow: ['what the second request of a turn with tools found'],
      gap: {
        missing: ({ record, plan }) =>
          record.llm?.connection && hasMarks(plan, 'llmRequested', 'connectionReady', 'firstContent')
            ? undefined
            : 'the state of the connection was not recorded',
        apply(plan, { record }) {
          if (record.llm?.connection?.state === 'reused') return;
          const openedMs = spanMs(plan, 'llmRequested', 'connectionReady');
          if (openedMs > 0) plan.dependencies.set('connectionReady', [{ from: 'llmRequested', lagMs: 0 }]);
        },
      },
    };
  },
};
