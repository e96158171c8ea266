import { join } from 'node:path';
import {
  type BenchPlan,
  type BenchSample,
  DEFAULT_PLAN,
  executeRun,
  prepareRun,
} from '@firstword/provider-bench';
import { openTemporaryFolder } from '@firstword/turn/store';

/** Runs the provider bench like its command does, without the report, and returns the counted samples. */
export async function measureSamples(
  plan: Partial<BenchPlan> & Pick<BenchPlan, 'targets' | 'turns'>,
): Promise<BenchSample[]> {
  const { signal } = new AbortController();
  const folder = await openTemporaryFolder({ purpose: 'bench-providers' });
  try {
    const prepared = await prepareRun(
      { ...DEFAULT_PLAN, warmUps: 5, perSecond: 20, languages: ['en'], ...plan },
      { signal },
    );
    const { samples } = await executeRun({
      prepared,
      file: join(folder.path, 'run.json'),
      version: 'bench',
      signal,
    });
    return samples.filter(({ warmUp }) => !warmUp);
  } finally {
    await folder.remove();
  }
}
