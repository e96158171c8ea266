import { linkText, pageUrl } from '@firstword/doctor/pages';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** The `metrics` command. */
export const metrics: CommandEntry = {
  define: (command) =>
    command
      .name('metrics')
      .description('Serves the turn records in a folder as Prometheus metrics while agents append to them.')
      .argument('[dir]', 'folder of the turn records (recursive; default: firstword-out)')
      .option('-p, --port <port>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 9464)
      .option(
        '--host <address>',
        'address to listen on; with another one, other machines can read the metrics',
        '127.0.0.1',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('dir', self.args[0] ?? 'firstword-out');
      })
      .addHelpText(
        'after',
        `
LiveKit runs every call in its own process, so the metrics are computed from the records that all calls write to one
folder. Each scrape reads only new records. After a restart, the counters are rebuilt from the records still in the folder.

Labels contain providers, models and segments, never call ids or words. The folder deploy/ of the repository contains a
Prometheus configuration, alert rules and a Grafana dashboard. All metrics:
${linkText(pageUrl('metrics.md'))}

Examples:
  $ npx firstword metrics firstword-out/agent
  $ curl -s http://127.0.0.1:9464/metrics | grep felt_gap
  $ npx firstword metrics /var/lib/calls --host 0.0.0.0 --port 9464`,
      ),
  load: async () => (await import('./metrics.js')).metrics,
};
