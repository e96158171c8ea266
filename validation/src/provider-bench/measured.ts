import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BenchPlan,
  type BenchSample,
  DEFAULT_PLAN,
  executeRun,
  prepareRun,
} from '@firstword/provider-bench';

/** A run of the provider bench as its users have it, but for the report; its file is thrown away. */
export async function measured(
  plan: Partial<BenchPlan> & Pick<BenchPlan, 'targets' | 'turns'>,
): Promise<BenchSample[]> {
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'firstword-bench-providers-'));
  try {
    const prepared = await prepareRun(
      { ...DEFAULT_PLAN, warmUps: 5, perSecond: 20, languages: ['en'], ...plan },
      { signal },
    );
    const { samples } = await executeRun({
      prepared,
      file: join(folder, 'run.json'),
      version: 'bench',
      signal,
    });
    return samples.filter(({ warmUp }) => !warmUp);
  } finally {
    await rm(folder, { recursive: true });
  }
}
