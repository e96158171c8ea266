import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { median } from '@firstword/turn/statistics';
import { encode } from '@msgpack/msgpack';
import type { BenchFigure } from './figures.js';
import type { Bench } from './run.js';

const compress = promisify(gzip);
const ROUNDS = 300;
const WORDS = 'the guest would like a table by window for four people at eight and asks about dogs'.split(
  ' ',
);

/**
 * A conversation of `turns` messages in which few words repeat in the same order, so that it does not compress too
 * well.
 */
function conversation(turns: number): object {
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const words = () => Array.from({ length: 40 }, () => `${WORDS[next(WORDS.length)]}${next(50)}`).join(' ');
  const messages = Array.from({ length: turns }, (_, i) => ({
    role: i % 2 ? 'user' : 'assistant',
    content: words(),
  }));
  return { model: 'gpt-oss-120b', messages, stream: true };
}

function busyMs(act: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    act();
    return performance.now() - startMs;
  });
  return median(times)!;
}

async function waitMs(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const startMs = performance.now();
    await act();
    times.push(performance.now() - startMs);
  }
  return median(times)!;
}

/**
 * How much gzip and MessagePack reduce a request body, and what they cost: JSON and MessagePack block the event loop,
 * gzip only delays the request, because zlib has its own threads.
 */
async function runEncoding(): Promise<BenchFigure[]> {
  console.log(`  medians of ${ROUNDS}`);
  console.log(
    '     JSON  msgpack  JSON+gzip  msgpack+gzip  |  JSON ms  msgpack ms (event loop)  gzip ms (waiting)',
  );
  let figures: BenchFigure[] = [];
  for (const turns of [4, 12, 24, 48, 160]) {
    const body = conversation(turns);
    const json = JSON.stringify(body);
    const packed = encode(body);
    const level = 5;
    const [zipped, packedZipped] = [await compress(json, { level }), await compress(packed, { level })];
    const sizes = [json.length, packed.length, zipped.length, packedZipped.length];
    const times = [
      busyMs(() => JSON.stringify(body)),
      busyMs(() => encode(body)),
      await waitMs(() => compress(json, { level })),
    ];
    console.log(
      `${String(sizes[0]).padStart(9)}${String(sizes[1]).padStart(9)}${String(sizes[2]).padStart(11)}${String(sizes[3]).padStart(14)}  |` +
        `${times[0]!.toFixed(3).padStart(9)}${times[1]!.toFixed(3).padStart(12)}${times[2]!.toFixed(3).padStart(33)}`,
    );
    const size = `${(json.length / 1_000).toFixed(0)} kB of JSON`;
    const shown = (name: string, value: number, unit: BenchFigure['unit'], digits: number): BenchFigure => ({
      name: `${size}, ${name}`,
      measured: { value },
      unit,
      digits,
      n: ROUNDS,
    });
    figures = [
      shown('gzipped, of its size', (100 * zipped.length) / json.length, '%', 1),
      shown('as MessagePack, of its size', (100 * packed.length) / json.length, '%', 1),
      shown('waiting for gzip, p50', times[2]!, 'ms', 2),
    ];
  }
  // Report the longest body: only there does the encoding matter.
  return figures;
}

/** Size and cost of request body encodings. */
export const encoding: Bench = {
  about: 'what gzip and MessagePack save of a request body, and what they cost',
  seconds: [6, 6],
  run: runEncoding,
};
