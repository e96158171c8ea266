import { clause } from './clause.js';
import { importers } from './importers.js';
import { redaction } from './redaction.js';
import type { FuzzTarget } from './target.js';
import { wires } from './wires.js';
import { words } from './words.js';

/** All targets, in the order in which they are reported. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [words, clause, redaction, importers, wires];

/** The target of this name. @throws Error if there is none */
export function targetOf(name: string): FuzzTarget {
  const target = FUZZ_TARGETS.find((one) => one.name === name);
  if (!target) throw new Error(`there is no target ${name}`);
  return target;
}
