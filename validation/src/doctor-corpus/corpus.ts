import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { diagnose, examine } from '@firstword/doctor';
import { CASES, type CorpusCase, fileOf, isHeldOut } from './cases.js';
import { type CaseScore, scoreOf, type Totals, totalsOf } from './score.js';

/** Where the corpus is, beside this package's sources. */
export const CORPUS_DIR = fileURLToPath(new URL('../../corpus/doctor/', import.meta.url));

const pathOf = (one: CorpusCase): string => join(CORPUS_DIR, `${fileOf(one)}.jsonl.gz`);

/** Writes a case's lines, and what is wrong in each case, for others to use. */
export async function writeCase(one: CorpusCase, lines: readonly string[]): Promise<void> {
  await mkdir(CORPUS_DIR, { recursive: true });
  await writeFile(pathOf(one), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

export async function writeLabels(): Promise<void> {
  const labels = CASES.map((one) => ({
    file: `${fileOf(one)}.jsonl.gz`,
    causes: one.causes,
    heldOut: isHeldOut(one),
  }));
  await writeFile(join(CORPUS_DIR, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`);
}

/** What the committed corpus was scored as: each case that rules are built on, and of the others only totals. */
export interface CommittedScores {
  build: Totals;
  heldOut: Totals;
  cases: CaseScore[];
}

const SCORES = join(CORPUS_DIR, 'scores.json');

export async function writeScores(scores: {
  build: readonly CaseScore[];
  heldOut: readonly CaseScore[];
}): Promise<void> {
  const committed: CommittedScores = {
    build: totalsOf(scores.build),
    heldOut: totalsOf(scores.heldOut),
    cases: [...scores.build],
  };
  await writeFile(SCORES, `${JSON.stringify(committed, null, 2)}\n`);
}

export async function committedScores(): Promise<CommittedScores> {
  return JSON.parse(await readFile(SCORES, 'utf8')) as CommittedScores;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Cases that have not been made yet. */
export async function withoutFile(cases: readonly CorpusCase[]): Promise<CorpusCase[]> {
  const there = await Promise.all(cases.map((one) => exists(pathOf(one))));
  return cases.filter((_, at) => !there[at]);
}

/** What the doctor says of each case of one part of the corpus that has been made. */
export async function scoreCorpus(
  part: 'build' | 'held out',
  options: { signal?: AbortSignal } = {},
): Promise<CaseScore[]> {
  const scores: CaseScore[] = [];
  for (const one of CASES) {
    if (isHeldOut(one) !== (part === 'held out') || !(await exists(pathOf(one)))) continue;
    scores.push(scoreOf(one, diagnose(await examine([pathOf(one)], options))));
  }
  return scores;
}
