import { readFile } from 'node:fs/promises';
import { RULES } from '@firstword/doctor';
import { FirstwordError } from '@firstword/turn';

const list = (): string => RULES.map(({ id, looksFor }) => `  ${id.padEnd(24)}${looksFor}`).join('\n');

/** Where pages are: beside the package's code once it is packed, else in the repository. */
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
 * A rule's page, or where it is missing what the rule says of itself; `all` lists the rules.
 * @throws FirstwordError `bad_input` that names every rule
 */
export async function explain(id: string): Promise<string> {
  if (id === 'all') return `${RULES.length} rules:\n\n${list()}\n`;
  const rule = RULES.find((one) => one.id === id);
  if (!rule) throw new FirstwordError('bad_input', `there is no rule "${id}". Choose one of:\n${list()}`);
  return (
    (await pageOf(id)) ??
    `${rule.title}\n\nLooks for ${rule.looksFor}.\nNeeds ${rule.needs}.\nPage: docs/doctor/${id}.md\n`
  );
}
