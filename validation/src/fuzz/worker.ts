/** A thread that reads blocks of inputs, one at a time. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzBlock, readBlock } from './block.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const { at } = workerData as { at: Int32Array };
parentPort?.on('message', (block: FuzzBlock) => {
  parentPort?.postMessage(readBlock(block, { at, heapMb }));
});
