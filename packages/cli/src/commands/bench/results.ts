import type { RunFile } from '@firstword/bench/providers';
import type { BenchOptions } from './define.js';
import { notesOf } from './screen.js';

/** Shows and writes what a run came to. */
export async function showResults(run: RunFile, options: BenchOptions & { file: string }): Promise<void> {
  process.stderr.write(`${notesOf(run).join('\n')}\nSamples: ${options.file}\n`);
}
