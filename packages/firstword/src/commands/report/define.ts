import { REPORT } from '../../fetched/package-set.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** The `report` command. */
export const report: CommandEntry = {
  define: (command) =>
    command
      .name('report')
      .description('Summarizes turn records: percentiles of the felt gap, its segments, the slowest turns.')
      .argument('[paths...]', 'files, folders (recursive), or - for standard input (default: firstword-out)')
      .option('--compare <paths...>', 'compare two sets of records: the second against the first')
      .option('--budget <limits>', 'exit with 1 if a percentile is above: p95=900, or p50=600,p95=900 (ms)')
      .option('--worst <n>', 'number of slowest turns to list', wholeNumber(0, 100), 5)
      .option('--json', 'print one JSON object on stdout; progress on stderr')
      .option('--md', 'print Markdown')
      .option('--html <file>', 'write a self-contained HTML page with plots')
      .option(
        '--names',
        'show call ids and file names unredacted; they may hold telephone numbers and e-mail addresses',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('paths', self.args);
      })
      .addHelpText(
        'after',
        `
Input formats: Firstword's turn records (JSON Lines, also .gz) and LiveKit's exports, namely chat history (chat.item JSON,
one per line, an array, or a session report) and OTLP/JSON traces, from Node or Python. Fields missing from an export are
left out of the report: LiveKit's e2e_latency ends at the first frame sent, not at the first audible sample, and is
labelled as such.

Unreadable lines are counted, and some are listed. Reports contain no words of either side.

Intervals are 95 % bootstrap intervals that treat turns as independent. A turn may belong to several kinds.

With --budget, the exit code is 1 if a limit is exceeded or no turn has a gap. With --compare, the budget applies to the
second set.

Examples:
  $ npx firstword report firstword-out/demo
  $ npx firstword report calls/ --html report.html
  $ npx firstword report --compare monday/ tuesday/ --budget p95=900
  $ zcat calls/*.gz | npx firstword report - --json`,
      ),
  needs: () => REPORT,
  load: async () => (await import('./report.js')).report,
};
