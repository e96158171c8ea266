import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const report: CommandEntry = {
  define: (command) =>
    command
      .name('report')
      .description(
        'Tells what turn records say: percentiles of the felt gap, where it went, the worst turns.',
      )
      .argument(
        '[paths...]',
        'files, folders with all below them, or - for standard input (default: firstword-out)',
      )
      .option('--compare <paths...>', 'two sets of records: how far the second lies from the first')
      .option('--budget <limits>', 'exit 1 where a percentile is above: p95=900, or p50=600,p95=900 (ms)')
      .option('--worst <n>', 'how many of the worst turns to tell', wholeNumber(0, 100), 5)
      .option('--json', 'everything, as one JSON object on stdout; progress on stderr')
      .option('--md', 'as Markdown, to paste')
      .option('--html <file>', 'write a page that needs nothing else, with plots')
      .option(
        '--names',
        'call ids and file names as they are: telephone numbers and e-mail addresses stay in',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('paths', self.args);
      })
      .addHelpText(
        'after',
        `
It reads Firstword's turn records (JSON Lines, also .gz), and what LiveKit exports: chat history (chat.item JSON, one a
line, an array, or a session report) and OTLP/JSON traces, Node or Python. What an export does not tell is left out:
LiveKit's e2e_latency ends at the first frame sent, not at the first audible sample, and is reported as such.

Lines that cannot be read are counted, and some of them named. Reports hold no words of either side.

Intervals are 95 % bootstrap intervals; turns are taken to be independent. A turn may be of several kinds.

With --budget, the exit code is 1 where a limit is exceeded, and where no turn has a gap. With --compare, the budget is
for the second set.

Examples:
  $ npx firstword report firstword-out/demo
  $ npx firstword report calls/ --html report.html
  $ npx firstword report --compare monday/ tuesday/ --budget p95=900
  $ zcat calls/*.gz | npx firstword report - --json`,
      ),
  load: async () => (await import('./report.js')).report,
};
