import type { Rule } from '../rule.js';
import { helloFinding } from './hello-waits.js';

/** What giving a job to a ready process takes, ms. */
const JOB_START_MS = 20;

/** Finds calls whose process was started after the caller had arrived. */
export const helloColdWorker: Rule = {
  id: 'hello-cold-worker',
  title: 'Callers wait for a process to start',
  looksFor: 'calls whose process was started after the caller had arrived',
  needs: 'Firstword’s records of calls, from LiveKit jobs',
  part: 'hello',
  examine({ hellos }) {
    return helloFinding(this, hellos, {
      names: ['wait for a process', 'process start', 'prewarm', 'job start'],
      remainsMs: JOB_START_MS,
      verdict: (calls, of, middle) =>
        `In ${calls} of ${of} calls no process was ready: starting one and its prewarm took ${middle} before the first words.`,
      assumes: 'a process is idle and prewarmed when the caller arrives',
      confidence: 0.95,
      why: 'the process was started after the caller had arrived',
      fix: {
        livekit: {
          text: 'Keep idle processes ready for as many calls as begin while one starts, and let a worker refuse calls before it is full',
          code: 'new ServerOptions({ agent, numIdleProcesses: 4, loadThreshold: 0.7 })',
          python: 'AgentServer(num_idle_processes=4, load_threshold=0.7)',
        },
        firstword: {
          text: 'Keep more idle processes: `firstword agent start --idle 4`, or `idleProcesses` of `runWorker`',
          code: 'runWorker({ agentFile, url, apiKey, apiSecret, drainMs: 600_000, idleProcesses: 4, signal })',
        },
      },
      check: '`wait for a process` is gone from the time to hello in `firstword report`.',
    });
  },
};
