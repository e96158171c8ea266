import { parentPort, workerData } from 'node:worker_threads';
import type { BlockReply, BlockRequest, BlockThreadSetup } from './block-protocol.js';
import { readBlock } from './record-block.js';
import { Slowest } from './slowest.js';
import type { TurnRows } from './turn-rows.js';

/** Reads blocks of turn records in a thread of its own. */

const { slowest } = workerData as BlockThreadSetup;
const slowestTurns = { gaps: new Slowest(slowest), frames: new Slowest(slowest) };

const buffersOf = ({ numbers, texts, flags, figures }: TurnRows): ArrayBuffer[] =>
  [...Object.values(numbers), ...Object.values(texts), flags, ...Object.values(figures)].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );

parentPort!.on('message', (bytes: BlockRequest) => {
  try {
    const content = readBlock(bytes, slowestTurns);
    parentPort!.postMessage({ content } satisfies BlockReply, buffersOf(content.rows));
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort!.postMessage({ error: reason } satisfies BlockReply);
  }
});
