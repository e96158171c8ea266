import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const metrics: CommandEntry = {
  define: (command) =>
    command
      .name('metrics')
      .description('Serves the turn records of a folder as Prometheus metrics, as agents append to it.')
      .argument('[dir]', 'folder of the turn records, with all below it (default: firstword-out)')
      .option('-p, --port <port>', 'port to serve on, 0 for a free one', wholeNumber(0, 65_535), 9464)
      .option(
        '--host <address>',
        'address to serve on; others than this machine may read it there',
        '127.0.0.1',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('dir', self.args[0] ?? 'firstword-out');
      })
      .addHelpText(
        'after',
        `
LiveKit runs every call in a process of its own; the folder of their records is where they meet. It is read when somebody
scrapes, and only what is new. After a restart the counters are as they were, as far as the records are still there.

Labels name providers, models and segments, never a call or a word. docs/metrics.md lists the metrics; deploy/ has
Prometheus, its alert rules and a Grafana dashboard.

Examples:
  $ npx firstword metrics firstword-out/agent
  $ curl -s http://127.0.0.1:9464/metrics | grep felt_gap
  $ npx firstword metrics /var/lib/calls --host 0.0.0.0 --port 9464`,
      ),
  load: async () => (await import('./metrics.js')).metrics,
};
