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
      .option(
        '--budget <limits>',
        'exit with 1 if a percentile is above (ms), or if more turns failed (percent): p95=900,hello.p95=1500,failed=1',
      )
      .option('--worst <n>', 'number of slowest turns to list', wholeNumber(0, 100), 5)
      .option('--json', 'print one JSON object on stdout; progress on stderr')
      .option('--md', 'print Markdown')
      .option('--html <file>', 'write a self-contained HTML page with plots')
      .option(
        '--names',
        'show call ids and file names unredacted; they may hold telephone numbers and e-mail addresses',
      )
      .hook('preAction', (self) => {
        // Limits may stand one after the other: --budget hello.p95=1500 tool.p95=1200.
        const isLimit = (text: string) => /^[A-Za-z]+(\.p)?\d*=[\d.]/.test(text);
        const { budget } = self.opts<{ budget?: string }>();
        if (budget !== undefined)
          self.setOptionValue('budget', [budget, ...self.args.filter(isLimit)].join(' '));
        self.setOptionValue(
          'paths',
          budget === undefined ? self.args : self.args.filter((text) => !isLimit(text)),
        );
      })
      .addHelpText(
        'after',
        `
Input formats: Firstword's turn records (JSON Lines, also .gz) and everything that firstword doctor reads: LiveKit's chat
history, traces and logs with metrics, calls of Pipecat, Vapi and Retell. Fields missing from an export are left out of
the report: LiveKit's e2e_latency ends at the first frame sent, not at the first audible sample, and is labelled as such.

Unreadable lines are counted, and some are listed. Reports contain no words of either side.

Intervals are 95 % bootstrap intervals that treat turns as independent. A turn may belong to several kinds.

A turn that failed, or that was answered by an apology, has no gap: it is in no percentile, and the first line says how
many there were and why. Older records and some exports do not report how a turn ended: such turns count as before, and a
note says how many they are.

Besides the felt gap: hello, from the caller's arrival to the first audible sample; tool, the longest time without a sound in a
turn with tools; bargeIn, from the caller's first sample to the agent's last; afterBargeIn, the gap of the turn that follows.

With --budget, the exit code is 1 if a limit is exceeded, no turn has a gap, or a turn failed; failed=1 lets up to 1 % of
the turns fail. With --compare, the budget applies to the second set.

Examples:
  $ npx firstword report firstword-out/demo
  $ npx firstword report calls/ --html report.html
  $ npx firstword report --compare monday/ tuesday/ --budget p95=900
  $ npx firstword report calls/ --budget hello.p95=1500 tool.p95=1200
  $ zcat calls/*.gz | npx firstword report - --json`,
      ),
  load: async () => (await import('./report.js')).report,
};
