import { plural } from '@firstword/records';
import { median } from '@firstword/turn/statistics';
import { type Change, rejectAnyValue } from '../change.js';
import { type HelloPlan, hasHelloMarks, recordedSpanMs, waitFor } from '../hello-plan.js';

/** The process was ready before the caller came. */
const wasWarm = (plan: HelloPlan): boolean =>
  hasHelloMarks(plan, 'processStarted', 'jobStarted') &&
  recordedSpanMs(plan, 'callerArrived', 'processStarted') < 0;

/** The job's start no longer waits for the process. */
function startWarm(plan: HelloPlan, usualDispatchMs: number | undefined): void {
  if (!hasHelloMarks(plan, 'processStarted', 'jobStarted') || wasWarm(plan)) return;
  const untilProcessMs = recordedSpanMs(plan, 'callerArrived', 'processStarted');
  const dispatchMs = Math.min(untilProcessMs, usualDispatchMs ?? untilProcessMs);
  const jobStartMs = hasHelloMarks(plan, 'prewarmEnded')
    ? Math.max(0, recordedSpanMs(plan, 'prewarmEnded', 'jobStarted'))
    : 0;
  const recordedMs = recordedSpanMs(plan, 'callerArrived', 'jobStarted');
  waitFor(plan, 'jobStarted', 'callerArrived', Math.min(recordedMs, dispatchMs + jobStartMs));
}

/** A process is idle, and the local models are loaded, before the caller arrives. */
export const prewarm: Change = {
  name: 'prewarm',
  usage: 'prewarm',
  what: 'a process is idle and local models are loaded before the caller arrives',
  prepare(value, { calls }) {
    rejectAnyValue(this, value);
    const warm = calls.flatMap(({ plan }) =>
      wasWarm(plan) ? [recordedSpanMs(plan, 'callerArrived', 'jobStarted')] : [],
    );
    const usualDispatchMs = median(warm);
    return {
      text: 'processes and models warm before the call',
      assumes: [
        usualDispatchMs === undefined
          ? 'the dispatch takes as long as it took until the process was started: none of your calls found a ready process'
          : `the dispatch takes no longer than the median of your ${plural(warm.length, 'call')} that found a ready process, ${Math.round(usualDispatchMs)} ms`,
        'your entry, the room and the greeting take as long as they did',
      ],
      cannotKnow: ['how many calls begin at once: each needs an idle process of its own'],
      hello: {
        missing: ({ plan }) =>
          hasHelloMarks(plan, 'processStarted', 'jobStarted') ||
          hasHelloMarks(plan, 'modelsRequested', 'modelsLoaded')
            ? undefined
            : 'neither its process nor its models were timed: it did not run in a LiveKit job',
        apply(plan) {
          startWarm(plan, usualDispatchMs);
          if (hasHelloMarks(plan, 'modelsRequested', 'modelsLoaded'))
            waitFor(plan, 'modelsLoaded', 'modelsRequested', 0);
        },
      },
    };
  },
};
