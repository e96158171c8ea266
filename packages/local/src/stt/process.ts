import { isFirstwordError } from '@firstword/turn';
import { yieldToAgent } from '../process/priority.js';
import { decodeAgain } from './decode-again.js';
import { findModelFiles, type ModelFiles, verifyModelFiles } from './files.js';
import type { MoonshineModel } from './model.js';
import type { FromEngine, ToEngine } from './protocol.js';
import { needsRuntime } from './runtime.js';

/**
 * The Moonshine process. It decodes one clip at a time on request over IPC. It keeps no state between clips, so that it
 * can be replaced at any time. Optional argument: the folder with the model files.
 */

process.title = 'firstword-moonshine';
yieldToAgent();
// The agent has ended, so end too.
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C and a supervisor's SIGTERM reach the whole process group; the agent decides when to close its STT.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

let cancelledId = -1;

function send(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function loadModel(files: ModelFiles): Promise<MoonshineModel> {
  // The model's module imports onnxruntime-node, an optional peer dependency.
  const { MoonshineModel } = await import('./model.js').catch(needsRuntime);
  return MoonshineModel.load(files);
}

try {
  const files = await findModelFiles(process.argv[2]);
  const [model] = await Promise.all([loadModel(files), verifyModelFiles(files)]);
  process.on('message', (message: ToEngine) => {
    if (message.type === 'cancel') {
      cancelledId = message.id;
      return;
    }
    const { id, samples, draft, again } = message;
    const isCancelled = () => cancelledId === id;
    const decoding = again
      ? decodeAgain(model, { samples, speech: again, isCancelled })
      : model.transcribe({ samples, draft, isCancelled });
    decoding.then(
      (decoded) => send({ type: 'decoded', id, ...decoded }),
      (error: unknown) => send({ type: 'failed', id, reason: reasonOf(error) }),
    );
  });
  send({ type: 'ready' });
} catch (error) {
  if (!isFirstwordError(error, 'model_file')) throw error;
  send({ type: 'unusable', message: error.message });
}
