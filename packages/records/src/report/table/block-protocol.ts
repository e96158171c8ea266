import type { BlockContent } from './record-block.js';

/** What the thread is started with. */
export interface BlockThreadSetup {
  /** How many of the slowest turns are wanted. */
  slowest: number;
}

/** A block to read. Blocks are answered in the order in which they were sent. */
export type BlockRequest = Uint8Array<ArrayBuffer>;

/** What a block holds, or why it could not be read. */
export type BlockReply = { content: BlockContent } | { error: string };
