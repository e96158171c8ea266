import type { Rule } from '../rule.js';
import { helloFinding } from './hello-waits.js';

/** What a dispatch takes that finds a ready worker, ms. */
const DISPATCH_MS = 150;

/** Finds a long time from the caller’s arrival to the start of the job, in a process that was ready. */
export const helloDispatch: Rule = {
  id: 'hello-dispatch',
  title: 'Calls wait to be dispatched',
  looksFor: 'a long time from the caller’s arrival to the start of the job, in a process that was ready',
  needs: 'Firstword’s records of calls, from LiveKit jobs',
  part: 'hello',
  examine({ hellos }) {
    return helloFinding(this, hellos, {
      names: ['dispatch'],
      remainsMs: DISPATCH_MS,
      verdict: (calls, of, middle) =>
        `In ${calls} of ${of} calls the job came ${middle} after the caller: the dispatch is queued, late or far away.`,
      assumes: `a dispatch of ${DISPATCH_MS} ms`,
      confidence: 0.8,
      why: 'from the server’s time of arrival to the start of the job; the clocks of server and worker may differ',
      fix: {
        livekit: {
          text: 'Run enough workers for the calls that begin at once, in the region of the callers, and dispatch the agent with the caller’s token instead of after they have joined',
          code: 'token.roomConfig = new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName })] });',
          python:
            'token.with_room_config(RoomConfiguration(agents=[RoomAgentDispatch(agent_name=agent_name)]))',
        },
        firstword: {
          text: 'As with LiveKit: the time passes before the agent’s process is given the job',
        },
      },
      check: '`dispatch` is short in the time to hello in `firstword report`.',
    });
  },
};
