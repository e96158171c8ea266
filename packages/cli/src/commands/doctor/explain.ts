import { readFile } from 'node:fs/promises';
import { RULES } from '@firstword/measure';
import { FirstwordError } from '@firstword/turn';

const list = (): string => RULES.map(({ id, looksFor }) => `  ${id.padEnd(24)}${looksFor}`).join('\n');

/**
 * A rule's page, where the documentation is there (it is in the repository, not in the package), else what the rule says of
 * itself; `all` lists the rules.
 * @throws FirstwordError `bad_input` that names every rule
 */
export async function explain(id: string): Promise<string> {
  if (id === 'all') return `${RULES.length} rules:\n\n${list()}\n`;
  const rule = RULES.find((one) => one.id === id);
  if (!rule) throw new FirstwordError('bad_input', `there is no rule "${id}". Choose one of:\n${list()}`);
  const page = new URL(`../../../../../docs/doctor/${id}.md`, import.meta.url);
  const text = await readFile(page, 'utf8').catch(() => undefined);
  return (
    text ?? `${rule.title}\n\nLooks for ${rule.looksFor}.\nNeeds ${rule.needs}.\nPage: docs/doctor/${id}.md\n`
  );
}
