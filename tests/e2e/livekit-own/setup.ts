import { initializeLogger } from '@livekit/agents';
import { beforeEach, type RunnerTestCase } from 'vitest';
import { DIFFERENCES } from './differences.js';

initializeLogger({ pretty: false, level: 'silent' });

function nameOf(test: Readonly<RunnerTestCase>): string {
  const names = [test.name];
  for (let { suite } = test; suite; suite = suite.suite) names.unshift(suite.name);
  return names.join(' > ');
}

beforeEach(({ task }) => {
  // As `it.fails`: it passes if it fails.
  if (nameOf(task) in DIFFERENCES) Object.assign(task, { fails: true });
});
