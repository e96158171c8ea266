import { readFile } from 'node:fs/promises';
import { RULES } from '@firstword/doctor';
import { pageFile, pageUrl, rulePage } from '@firstword/doctor/pages';
import { unknownName } from '@firstword/turn';

const list = (): string => RULES.map(({ id, looksFor }) => `  ${id.padEnd(24)}${looksFor}`).join('\n');

/**
 * The documentation page of a rule, or a summary if the page is missing. `all` lists the rules.
 * @throws FirstwordError `bad_input` that lists the rules
 */
export async function explain(id: string): Promise<string> {
  if (id === 'all') return `${RULES.length} rules:\n\n${list()}\n`;
  const rule = RULES.find((one) => one.id === id);
  if (!rule) {
    const names = ['all', ...RULES.map((one) => one.id)];
    throw unknownName('rule', id, names, `\n${list()}`);
  }
  const file = pageFile(rulePage(id));
  if (file) return await readFile(file, 'utf8');
  const { title, looksFor, needs } = rule;
  return `${title}\n\nLooks for ${looksFor}.\nNeeds ${needs}.\nPage: ${pageUrl(rulePage(id))}\n`;
}
