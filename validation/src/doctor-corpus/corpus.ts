import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { diagnose, examine } from '@firstword/doctor';
import { fileNameOf, isHeldOut, type LabelledCase } from './cases.js';
import { type CaseScore, type CorpusTotals, scoreCase, totalsOf } from './score.js';

/** Committed scores: every development case, and only the totals of the held-out ones. */
export interface CommittedScores {
  build: CorpusTotals;
  heldOut: CorpusTotals;
  cases: CaseScore[];
}

/** Cases, and the committed folder with a file for each. */
export class Corpus<Case extends LabelledCase> {
  readonly cases: readonly Case[];
  readonly #dir: string;

  /** @param folder its name in `validation/corpus` */
  constructor(folder: string, cases: readonly Case[]) {
    this.cases = cases;
    this.#dir = fileURLToPath(new URL(`../../corpus/${folder}/`, import.meta.url));
  }

  #path(one: Case): string {
    return join(this.#dir, `${fileNameOf(one)}.jsonl.gz`);
  }

  async #has(one: Case): Promise<boolean> {
    return access(this.#path(one)).then(
      () => true,
      () => false,
    );
  }

  async #writeJson(name: string, value: unknown): Promise<void> {
    await writeFile(join(this.#dir, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Writes the lines of a case, compressed. */
  async write(one: Case, lines: readonly string[]): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    await writeFile(this.#path(one), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
  }

  /** Writes labels.json: the causes of every case, and whether it is held out. */
  async writeLabels(): Promise<void> {
    const labels = this.cases.map((one) => ({
      file: `${fileNameOf(one)}.jsonl.gz`,
      causes: one.causes,
      heldOut: isHeldOut(one),
    }));
    await this.#writeJson('labels.json', labels);
  }

  /** Writes scores.json. */
  async writeScores(scores: { build: readonly CaseScore[]; heldOut: readonly CaseScore[] }): Promise<void> {
    const committed: CommittedScores = {
      build: totalsOf(scores.build),
      heldOut: totalsOf(scores.heldOut),
      cases: [...scores.build],
    };
    await this.#writeJson('scores.json', committed);
  }

  /** Reads scores.json. */
  async readScores(): Promise<CommittedScores> {
    return JSON.parse(await readFile(join(this.#dir, 'scores.json'), 'utf8')) as CommittedScores;
  }

  /** The cases without a file. */
  async withoutFile(cases: readonly Case[] = this.cases): Promise<Case[]> {
    const there = await Promise.all(cases.map((one) => this.#has(one)));
    return cases.filter((_, at) => !there[at]);
  }

  /** Runs the doctor on each existing case of one part of the corpus and scores its findings. */
  async score(part: 'build' | 'held out', options: { signal?: AbortSignal } = {}): Promise<CaseScore[]> {
    const scores: CaseScore[] = [];
    for (const one of this.cases) {
      if (isHeldOut(one) !== (part === 'held out') || !(await this.#has(one))) continue;
      scores.push(scoreCase(one, diagnose(await examine([this.#path(one)], options))));
    }
    return scores;
  }
}
