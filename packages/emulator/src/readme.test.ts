import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { FaultKind } from './faults/fault.js';
import { PROFILES } from './profiles/profiles.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The compiler checks that this list is complete. */
const KINDS: Record<FaultKind, true> = {
  straggler: true,
  slowdown: true,
  'no-headers': true,
  'hang-up': true,
  'headers-then-comments': true,
  'role-then-nothing': true,
  'empty-stream': true,
  'empty-answer': true,
  'error-frame': true,
  'http-error': true,
  'rate-limited': true,
  stall: true,
  reset: true,
  'cut-off': true,
  garbage: true,
  'long-line': true,
  'broken-tool-json': true,
  'slow-drip': true,
  'html-page': true,
};

it.each(Object.keys(KINDS))('the README describes the fault %s', (kind) => {
  expect(readme).toContain(`| \`${kind}\``);
});

it.each(PROFILES.filter((p) => p.ttft.maxMs).map((p) => [p.name, p] as const))(
  'the README shows the figures of %s',
  (name, { ttft }) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells.slice(2, 5)).toEqual([ttft.p50Ms, ttft.p95Ms, ttft.maxMs].map(String));
  },
);
