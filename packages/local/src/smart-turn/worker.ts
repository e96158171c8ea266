import { parentPort, workerData } from 'node:worker_threads';
import { needsRuntime } from '../stt/runtime.js';
import type { SmartTurnReply, SmartTurnRequest, SmartTurnSetup } from './protocol.js';

/** The Smart Turn worker: one prediction at a time. */

const { modelFile } = workerData as SmartTurnSetup;
const send = (message: SmartTurnReply) => parentPort!.postMessage(message);
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

try {
  // The model's module imports onnxruntime-node, an optional peer dependency.
  const { SmartTurnModel } = await import('./model.js').catch(needsRuntime);
  const model = await SmartTurnModel.load(modelFile);
  parentPort!.on('message', ({ id, audio }: SmartTurnRequest) => {
    model.predict(audio).then(
      (probability) => send({ type: 'predicted', id, probability }),
      (error: unknown) => send({ type: 'failed', id, reason: reasonOf(error) }),
    );
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'unusable', message: reasonOf(error) });
}
