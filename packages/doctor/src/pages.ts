import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * Whether the repository and the tag of this version are public. Until then a link into it leads nowhere, so links lead to
 * the copy of the page on this machine. Set it with the first release.
 */
const IS_PUBLISHED: boolean = false;

const REPOSITORY = 'https://github.com/firstword/firstword';

/** Folders of the documentation: the copy in the packed package, then the repository's. */
const FOLDERS = ['../docs/', '../../../docs/'].map((path) => new URL(path, import.meta.url));

/** The page that explains a rule, such as `doctor/ttft-range.md`. */
export const rulePage = (rule: string): string => `doctor/${rule}.md`;

/**
 * The file of a documentation page on this machine; `undefined` if there is none.
 * @param page its path below `docs/`
 */
export function pageFile(page: string): URL | undefined {
  return FOLDERS.map((folder) => new URL(page, folder)).find((url) => existsSync(url));
}

/**
 * A link to a documentation page that works from any folder: the page of this version's tag on the web or, before the
 * repository is public, the `file:` URL of the page on this machine.
 * @param page its path below `docs/`
 */
export function pageUrl(page: string, { isPublished = IS_PUBLISHED } = {}): string {
  const web = `${REPOSITORY}/blob/v${version}/docs/${page}`;
  return isPublished ? web : (pageFile(page)?.href ?? web);
}

/** A link as a person reads it: the absolute path of a `file:` URL, any other URL as it is. */
export const linkText = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);
