import { parseArgs } from 'node:util';
import { hearLines, renderStarts, startsReport } from '@firstword/bench/starts';
import { prepareCalls } from '@firstword/livekit';
import { moonshineStt } from '@firstword/local';
import { runToEnd } from './run-to-end.js';

const HELP = `How soon an answer is started, and how many starts come to nothing.

Hears the lines of firstword compare at the pace of speech with the embedded ears, which decode the words so far after
30, 60 or 90 ms of silence (one, two or three windows of the VAD), in turns. No LLM, no session, no key; about 9 minutes.
Leave the machine alone meanwhile.

  npm run bench:starts
  npm run bench:starts -- --lines 6    the first six lines only
  --json                               everything as one JSON object on stdout; progress on stderr
`;

const { values } = parseArgs({
  options: {
    lines: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  prepareCalls();
  const stt = moonshineStt({});
  try {
    await stt.ready({ signal: stop.signal });
    const heard = await hearLines({
      stt,
      pauseHintsMs: [30, 60, 90],
      ...(values.lines ? { limit: Number(values.lines) } : {}),
      onHeard: (done, count) => process.stderr.write(`\r${done} of ${count}${done === count ? '\n' : ''}`),
      signal: stop.signal,
    });
    const reports = startsReport(heard);
    process.stdout.write(
      values.json ? `${JSON.stringify({ type: 'starts', reports, heard })}\n` : `${renderStarts(reports)}\n`,
    );
  } finally {
    await stt.close();
  }
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
