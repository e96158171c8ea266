import { fork } from 'node:child_process';
import type { LoadAnswer, LoadBlock, LoadRequest, LoadResult, LoadTarget } from './messages.js';

/** A client in a process of its own. */
export interface LoadClient {
  pid: number;
  /** Replaces the targets. */
  setTargets(targets: LoadTarget[]): Promise<void>;
  /** Runs one block at a time. */
  run(block: LoadBlock): Promise<LoadResult>;
  close(): void;
}

/** Starts the process of the client. */
export function startLoadClient(): LoadClient {
  const child = fork(new URL('./load-child.js', import.meta.url), { execArgv: [] });
  const ask = (request: LoadRequest): Promise<LoadAnswer> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the process of the client ended'));
      child.once('exit', ended);
      child.once('message', (answer: LoadAnswer) => {
        child.off('exit', ended);
        if (answer.kind === 'error') reject(new Error(answer.message));
        else resolve(answer);
      });
      child.send(request);
    });
  return {
    pid: child.pid!,
    async setTargets(targets) {
      await ask({ kind: 'targets', targets });
    },
    async run(block) {
      const answer = await ask({ kind: 'block', block });
      if (answer.kind !== 'result') throw new Error('the client gave no result');
      return answer.result;
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
