import { readFile } from 'node:fs/promises';
import { RULES } from '@firstword/doctor';
import { unknownName } from '@firstword/turn';

const list = (): string => RULES.map(({ id, looksFor }) => `  ${id.padEnd(24)}${looksFor}`).join('\n');

/** Folders of the rules' pages: in the packed package, then in the repository. */
const PAGES = ['../../../docs/doctor/', '../../../../../docs/doctor/'].map(
  (path) => new URL(path, import.meta.url),
);

async function pageOf(id: string): Promise<string | undefined> {
  for (const dir of PAGES) {
    const text = await readFile(new URL(`${id}.md`, dir), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

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
  return (
    (await pageOf(id)) ??
    `${rule.title}\n\nLooks for ${rule.looksFor}.\nNeeds ${rule.needs}.\nPage: docs/doctor/${id}.md\n`
  );
}
