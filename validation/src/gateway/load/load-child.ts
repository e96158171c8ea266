/** The client of a bench, in a process of its own. It ends when the bench disconnects. */
import { type OpenTarget, openTarget } from './first-content.js';
import type { LoadAnswer, LoadRequest } from './messages.js';
import { runBlock } from './run-block.js';

let targets: OpenTarget[] = [];

async function answer(request: LoadRequest): Promise<LoadAnswer> {
  if (request.kind === 'block') {
    const { block } = request;
    return { kind: 'result', result: await runBlock(targets[block.target]!.ask, block) };
  }
  await Promise.all(targets.map((target) => target.close()));
  targets = request.targets.map(openTarget);
  return { kind: 'ready' };
}

process.on('message', (request: LoadRequest) => {
  answer(request).then(
    (result) => process.send!(result),
    (error: Error) => process.send!({ kind: 'error', message: error.message } satisfies LoadAnswer),
  );
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches this process too. The bench ends it by disconnecting.
process.on('SIGINT', () => {});
