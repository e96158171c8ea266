import { prewarmCalls } from '@firstword/livekit';
import { moonshineStt } from '@firstword/local';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { renderTimingReport, timingReport } from './report.js';
import { traceLines } from './trace-lines.js';

const HELP = `Measures how early speculation speculations and how many speculations are superseded.

Plays the lines of firstword compare in real time to three variants of the embedded speech-to-text, in turns: with its own
pause detection, and with pauses reported by the VAD alone after one or three of its windows (30 or 90 ms of silence).
Needs no LLM, session or key; takes about 9 minutes on an otherwise idle machine.

  npm run bench:speculations
  npm run bench:speculations -- --lines 6    only the first six lines
  --held-out                           the lines of held-out domains, as in the endpointing bench; 16 minutes
  --json                               print one JSON object on stdout, with every superseded speculation and its
                                       replacement; progress on stderr
`;

const { values } = readOptions({
  options: {
    lines: { type: 'string' },
    'held-out': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  prewarmCalls();
  const own = moonshineStt();
  const byVad = moonshineStt({ detectDips: false });
  try {
    await Promise.all([own, byVad].map((stt) => stt.ready({ signal: stop.signal })));
    const lines = await traceLines({
      variants: [
        { name: 'own pause detection', stt: own, pauseHintMs: 30 },
        { name: 'VAD alone, 30 ms', stt: byVad, pauseHintMs: 30 },
        { name: 'VAD alone, 90 ms', stt: byVad, pauseHintMs: 90 },
      ],
      heldOut: values['held-out'],
      ...(values.lines ? { limit: Number(values.lines) } : {}),
      onLine: (done, count) => process.stderr.write(`\r${done} of ${count}${done === count ? '\n' : ''}`),
      signal: stop.signal,
    });
    const reports = timingReport(lines);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ type: 'speculation-timing', reports, lines })}\n`
        : `${renderTimingReport(reports)}\n`,
    );
  } finally {
    await Promise.all([own.close(), byVad.close()]);
  }
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
