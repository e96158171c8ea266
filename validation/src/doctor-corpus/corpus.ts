import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { diagnose, examine } from '@firstword/doctor';
import { CASES, type CorpusCase, fileNameOf, isHeldOut } from './cases.js';
import { type CaseScore, type CorpusTotals, scoreCase, totalsOf } from './score.js';

/** Folder of the corpus. */
export const CORPUS_DIR = fileURLToPath(new URL('../../corpus/doctor/', import.meta.url));

const pathOf = (one: CorpusCase): string => join(CORPUS_DIR, `${fileNameOf(one)}.jsonl.gz`);

/** Writes the lines of a case, compressed. */
export async function writeCase(one: CorpusCase, lines: readonly string[]): Promise<void> {
  await mkdir(CORPUS_DIR, { recursive: true });
  await writeFile(pathOf(one), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

/** Writes labels.json: the causes of every case, and whether it is held out. */
export async function writeLabels(): Promise<void> {
  const labels = CASES.map((one) => ({
    file: `${fileNameOf(one)}.jsonl.gz`,
    causes: one.causes,
    heldOut: isHeldOut(one),
  }));
  await writeFile(join(CORPUS_DIR, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`);
}

/** Committed scores: every development case, and only the totals of the held-out ones. */
export interface CommittedScores {
  build: CorpusTotals;
  heldOut: CorpusTotals;
  cases: CaseScore[];
}

const SCORES = join(CORPUS_DIR, 'scores.json');

/** Writes scores.json. */
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

/** Reads scores.json. */
export async function readCommittedScores(): Promise<CommittedScores> {
  return JSON.parse(await readFile(SCORES, 'utf8')) as CommittedScores;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The cases without a file. */
export async function withoutFile(cases: readonly CorpusCase[]): Promise<CorpusCase[]> {
  const there = await Promise.all(cases.map((one) => exists(pathOf(one))));
  return cases.filter((_, at) => !there[at]);
}

/** Runs the doctor on each existing case of one part of the corpus and scores its findings. */
export async function scoreCorpus(
  part: 'build' | 'held out',
  options: { signal?: AbortSignal } = {},
): Promise<CaseScore[]> {
  const scores: CaseScore[] = [];
  for (const one of CASES) {
    if (isHeldOut(one) !== (part === 'held out') || !(await exists(pathOf(one)))) continue;
    scores.push(scoreCase(one, diagnose(await examine([pathOf(one)], options))));
  }
  return scores;
}
