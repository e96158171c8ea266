import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../import/lines.js';
import { cutBlocks } from './cut-blocks.js';

const MB = 1024 * 1024;

async function blocksOf(chunks: Iterable<Buffer>) {
  const blocks: (string | Uint8Array)[] = [];
  for await (const block of cutBlocks(Readable.from(chunks))) blocks.push(block);
  return blocks;
}

const textOf = (blocks: readonly (string | Uint8Array)[]) =>
  blocks.map((block) => (typeof block === 'string' ? block : Buffer.from(block).toString())).join('');

describe('cutBlocks', () => {
  it('gives all bytes, in blocks of whole lines that own their memory', async () => {
    const text = Array.from({ length: 40_000 }, (_, at) => `line ${at} ${'ü'.repeat(at % 90)}\n`).join('');
    const bytes = Buffer.from(`${text}the last one`);
    for (const size of [7_001, 64 * 1024, 3 * MB]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      const blocks = (await blocksOf(chunks)) as Uint8Array[];
      expect(textOf(blocks) === bytes.toString()).toBe(true);
      expect(blocks.length).toBeGreaterThan(1);
      for (const block of blocks) expect(block.buffer.byteLength).toBe(block.length);
      for (const block of blocks.slice(0, -1)) expect(block.at(-1)).toBe('\n'.charCodeAt(0));
    }
  });

  it('passes over a line that is too long, and goes on after it', async () => {
    const long = Array.from({ length: 40 }, () => Buffer.alloc(MAX_LINE_BYTES / 32, 'x'));
    const blocks = await blocksOf([Buffer.from('a\n'), ...long, Buffer.from('x\nb\nc')]);
    expect(textOf(blocks.slice(-1))).toBe('b\nc');
    expect(blocks.filter((block) => block === 'too long')).toHaveLength(1);
    expect(textOf(blocks).startsWith('a\n')).toBe(true);
  });

  it('gives what came before an error, and then the error', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('a\nb');
        throw new Error('gone');
      })(),
    );
    const seen: string[] = [];
    const reading = async () => {
      for await (const block of cutBlocks(failing)) seen.push(textOf([block]));
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(seen.join('')).toBe('a\nb');
  });
});
