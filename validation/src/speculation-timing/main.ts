import { prewarmCalls } from '@firstword/livekit';
import { moonshineStt } from '@firstword/local';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { hearLines, renderStarts, startsReport } from './index.js';

const HELP = `How soon an answer is started, and how many starts come to nothing.

Hears the lines of firstword compare at the pace of speech with the embedded ears: as they are, listening for quiet by
themselves, and told of pauses by the VAD alone, after one or three of its windows (30 or 90 ms of silence), in turns. No LLM,
no session, no key; about 9 minutes. Leave the machine alone meanwhile.

  npm run bench:starts
  npm run bench:starts -- --lines 6    the first six lines only
  --others                             the lines to other desks, which are the endpointing bench's too; 16 minutes
  --json                               everything as one JSON object on stdout, each start that came to nothing and what it
                                       was given up for included; progress on stderr
`;

const { values } = readOptions({
  options: {
    lines: { type: 'string' },
    others: { type: 'boolean', default: false },
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
    const heard = await hearLines({
      ears: [
        { name: 'as they are', stt: own, pauseHintMs: 30 },
        { name: 'VAD alone, 30 ms', stt: byVad, pauseHintMs: 30 },
        { name: 'VAD alone, 90 ms', stt: byVad, pauseHintMs: 90 },
      ],
      others: values.others,
      ...(values.lines ? { limit: Number(values.lines) } : {}),
      onHeard: (done, count) => process.stderr.write(`\r${done} of ${count}${done === count ? '\n' : ''}`),
      signal: stop.signal,
    });
    const reports = startsReport(heard);
    process.stdout.write(
      values.json ? `${JSON.stringify({ type: 'starts', reports, heard })}\n` : `${renderStarts(reports)}\n`,
    );
  } finally {
    await Promise.all([own.close(), byVad.close()]);
  }
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
