import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  comparisonPage,
  excerpts,
  otherArm,
  type PageSection,
  type RecordedCall,
  targetsOf,
} from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import type { ComparisonSummary } from './screen.js';

function unwritable(path: string, cause: unknown): FirstwordError {
  const message = `the page cannot be written to ${path}: choose a file in a folder that you may write to`;
  return new FirstwordError('unwritable', message, { cause });
}

/**
 * Checks that the page can be written, before a long run starts.
 * @throws FirstwordError `unwritable`
 */
export async function checkPagePath(path: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true, mode: 0o700 });
    await (await open(path, 'a', 0o600)).close();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * A comparison as a section of the HTML page.
 * @param dir folder of the tapes; without it, the section has no audio excerpts
 */
export async function sectionOf(summary: ComparisonSummary, dir?: string): Promise<PageSection> {
  const names = summary.arms.map(({ arm }) => arm);
  const other = otherArm(names);
  const audio =
    dir === undefined || other === undefined
      ? []
      : await excerpts({ dir, first: names[0]!, other, calls: summary.calls });
  return { ...summary, targets: targetsOf(summary.llm.name, summary), excerpts: audio };
}

/**
 * Writes the HTML page.
 * @param recordings the recordings that are played, if any; without sections the page shows them alone
 * @throws FirstwordError `unwritable`
 */
export async function writePage(
  path: string,
  sections: readonly PageSection[],
  recordings: readonly RecordedCall[] = [],
): Promise<void> {
  const names = sections[0]?.arms.map(({ arm }) => arm) ?? [];
  const title =
    names.length === 2 ? `How long callers wait: ${names.join(' and ')}` : 'How long callers wait';
  try {
    await writeFile(path, comparisonPage(title, sections, recordings), { mode: 0o600 });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
