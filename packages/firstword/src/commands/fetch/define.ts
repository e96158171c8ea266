import { linkText, pageUrl } from '@firstword/doctor/pages';
import { LOCAL } from '../../fetched/package-set.js';
import type { CommandEntry } from '../command.js';

/** The `fetch` command. */
export const fetch: CommandEntry = {
  define: (command) =>
    command
      .name('fetch')
      .description('Fetches the weights of a speech model that your agent uses, once.')
      .argument('<what>', 'smart-turn: the end-of-turn model Smart Turn v3.2')
      .hook('preAction', (self) => {
        self.setOptionValue('what', self.args[0]);
      })
      .addHelpText(
        'after',
        `
smart-turn (BSD-2-Clause, 8.7 MB) is part of a Python package: pip downloads it with your index, proxy and certificates, 12 MB, and
no code of it runs. The file is compared with its SHA-256 and put into the cache folder (FIRSTWORD_CACHE_DIR). Run it in your
Docker build too. Use it with smartTurn() of @firstword/local:
${linkText(pageUrl('detectors.md'))}

Example:
  $ npx firstword fetch smart-turn`,
      ),
  needs: () => LOCAL,
  load: async () => (await import('./fetch.js')).fetch,
};
