import { fork } from 'node:child_process';
import type { EmulatorOptions, EmulatorStats, FaultPlan } from '@firstword/emulator';
import type { UpstreamAnswer, UpstreamRequest } from './messages.js';

/** Emulated providers in a process of their own. */
export interface Upstream {
  pid: number;
  /** Base URL of the emulator with this index, ending in `/v1`. */
  baseUrl(at?: number): string;
  /** Replaces the faults of one emulator. */
  setFaults(plan: FaultPlan, at?: number): Promise<void>;
  stats(at?: number): Promise<EmulatorStats>;
  close(): void;
}

/** Starts one emulator for each entry, all in one process that is not the bench's. */
export async function startUpstream(emulators: EmulatorOptions[]): Promise<Upstream> {
  const child = fork(new URL('./upstream-child.js', import.meta.url), { execArgv: [] });
  let queue: Promise<unknown> = Promise.resolve();
  const send = (request: UpstreamRequest): Promise<UpstreamAnswer> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the process of the emulators ended'));
      child.once('exit', ended);
      child.once('message', (answer: UpstreamAnswer) => {
        child.off('exit', ended);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer);
      });
      child.send(request);
    });
  /** One request at a time: the answers carry no number. */
  const ask = (request: UpstreamRequest): Promise<UpstreamAnswer> => {
    const answer = queue.then(() => send(request));
    queue = answer.catch(() => {});
    return answer;
  };
  const started = await ask({ kind: 'start', emulators });
  const origins = 'origins' in started ? started.origins : [];
  return {
    pid: child.pid!,
    baseUrl: (at = 0) => `${origins[at]}/v1`,
    async setFaults(plan, at = 0) {
      await ask({ kind: 'setFaults', at, plan });
    },
    async stats(at = 0) {
      const answer = await ask({ kind: 'stats', at });
      if (!('stats' in answer)) throw new Error('the emulators gave no statistics');
      return answer.stats;
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
