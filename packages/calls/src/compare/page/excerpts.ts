import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWav, resample, type Wav, writeWav } from '@firstword/local';
import { mixInto } from '../../caller/mix-into.js';
import type { CallOutcome, LineOutcome } from '../outcome.js';

/** Sample rate of the excerpts, Hz: 32 kB per second. */
const RATE_HZ = 16_000;
/** Audio before the gap and after it, ms. */
const BEFORE_MS = 2500;
const AFTER_MS = 2500;
/** Maximum length of an excerpt, ms: six of them add less than 2 MB to the page. */
const LONGEST_MS = 8000;

/** An audio excerpt around the gap after one line, both voices on one channel. */
export interface Excerpt {
  arm: string;
  call: string;
  line: number;
  round: number;
  gapMs: number;
  /** A whole WAV file. */
  wav: Uint8Array;
}

interface Said {
  outcome: CallOutcome;
  line: LineOutcome & { gapMs: number; endMs: number };
}

const isTaped = (line: LineOutcome): line is Said['line'] =>
  line.gapMs !== undefined && line.endMs !== undefined;

function saidBy(arm: string, calls: readonly CallOutcome[]): Map<string, Said> {
  const said = calls
    .filter((call) => call.arm === arm && call.round > 0 && call.tape !== undefined)
    .flatMap((outcome) => outcome.lines.filter(isTaped).map((line) => ({ outcome, line })));
  return new Map(said.map((one) => [`${one.outcome.round}/${one.outcome.call}/${one.line.line}`, one]));
}

/** Three lines answered in both arms: those with the largest, the median and the smallest gain. */
export function informativePairs(
  first: string,
  other: string,
  calls: readonly CallOutcome[],
): [Said, Said][] {
  const base = saidBy(first, calls);
  const pairs = [...saidBy(other, calls)].flatMap(([key, one]): [Said, Said][] => {
    const same = base.get(key);
    return same ? [[same, one]] : [];
  });
  const gained = ([a, b]: [Said, Said]) => a.line.gapMs - b.line.gapMs;
  pairs.sort((a, b) => gained(b) - gained(a));
  const places = new Set([0, Math.floor((pairs.length - 1) / 2), pairs.length - 1]);
  return pairs.filter((_, at) => places.has(at));
}

/** Cuts a part out of a tape, with both channels mixed, as a mono WAV file. */
export function cut({ sampleRateHz, channels }: Wav, span: { fromMs: number; toMs: number }): Uint8Array {
  const at = (ms: number) => Math.max(0, Math.round((ms * sampleRateHz) / 1000));
  const [left, right] = channels.map((channel) => channel.subarray(at(span.fromMs), at(span.toMs)));
  const mixed = left!.slice();
  if (right) mixInto(mixed, right);
  const samples = resample(mixed, { fromHz: sampleRateHz, toHz: RATE_HZ });
  return writeWav({ sampleRateHz: RATE_HZ, channels: [samples] });
}

async function excerptOf({ outcome, line }: Said, dir: string): Promise<Excerpt[]> {
  const path = join(dir, outcome.tape!);
  // A missing or incomplete tape is not an error: the page then has no excerpt of it.
  const tape = await readFile(path)
    .then((bytes) => readWav(bytes, path))
    .catch(() => undefined);
  if (!tape) return [];
  const { endMs, gapMs } = line;
  const fromMs = endMs - BEFORE_MS;
  const wav = cut(tape, { fromMs, toMs: Math.min(fromMs + LONGEST_MS, endMs + gapMs + AFTER_MS) });
  const { arm, call, round } = outcome;
  return [{ arm, call, round, line: line.line, gapMs, wav }];
}

/**
 * Audio excerpts for a page, in pairs: the first arm's, then the other's.
 * @param options.dir folder of the comparison
 */
export async function excerpts(options: {
  dir: string;
  first: string;
  other: string;
  calls: readonly CallOutcome[];
}): Promise<Excerpt[]> {
  const { dir, first, other, calls } = options;
  const lines = informativePairs(first, other, calls).flat();
  return (await Promise.all(lines.map((said) => excerptOf(said, dir)))).flat();
}
