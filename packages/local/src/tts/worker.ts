import { parentPort, workerData } from 'node:worker_threads';
import { resample } from '../audio/resample.js';
import { readWav } from '../audio/wav.js';
import { FliteProgram } from './program.js';
import type { FromWorker, ToWorker, WorkerSetup } from './protocol.js';

/** The flite worker: renders one piece of text at a time. */

const { module, voice, sampleRateHz } = workerData as WorkerSetup;
/** Long enough for V8 to compile the hot parts: the first run takes three times as long as the next. */
const WARM_UP = 'This is what I sound like when I speak to you.';

let program = FliteProgram.load(module);

async function render(text: string): Promise<Int16Array> {
  const current = await program;
  try {
    const wav = readWav(current.run({ text, voice }), 'flite output');
    // Not before the result is on its way.
    setImmediate(() => current.reset());
    return resample(wav.channels[0]!, { fromHz: wav.sampleRateHz, toHz: sampleRateHz });
  } catch (error) {
    program = FliteProgram.load(module);
    throw error;
  }
}

function send(message: FromWorker, samples?: Int16Array): void {
  parentPort!.postMessage(message, samples ? [samples.buffer as ArrayBuffer] : []);
}

parentPort!.on('message', ({ id, text }: ToWorker) => {
  render(text).then(
    (samples) => send({ type: 'rendered', id, samples }, samples),
    (error: unknown) =>
      send({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) }),
  );
});
await render(WARM_UP);
await program;
send({ type: 'ready' });
