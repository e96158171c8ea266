import { type Lever, refuseValue } from '../lever.js';
import { has, spanMs } from '../plan.js';

/** Connections that are there when the request is made. */
export const warm: Lever = {
  name: 'warm',
  usage: 'warm',
  what: 'every connection to the LLM is open before it is needed',
  set(value) {
    refuseValue(this, value);
    return {
      text: 'warm connections',
      assumes: ['all that a cold request waited for its connection is saved, and nothing else'],
      cannotKnow: ['what the second request of a turn with tools found'],
      lacks: ({ record, plan }) =>
        record.llm?.connection && has(plan, 'llmRequested', 'connectionReady', 'firstContent')
          ? undefined
          : 'the state of the connection was not recorded',
      pull(plan, { record }) {
        if (record.llm?.connection?.state === 'reused') return;
        const openedMs = spanMs(plan, 'llmRequested', 'connectionReady');
        if (openedMs > 0) plan.needs.set('connectionReady', [{ from: 'llmRequested', lagMs: 0 }]);
      },
    };
  },
};
