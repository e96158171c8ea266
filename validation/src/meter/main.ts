import { join } from 'node:path';
import { readRecording } from '@firstword/calls';
import { alignColumns } from '@firstword/records';
import { readSpeech } from '../endpointing/people/manifest.js';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { type MeterError, type MeterFigures, meterRows } from './evaluate.js';

const HELP = `Measures how exactly the gap detector finds the first and the last speech in recordings of people.

  npm run bench:meter -- --speech DIR      a folder with a manifest.jsonl (docs/measurements/meter.md)
  --json        print one JSON object on stdout, with the error of every file; progress on stderr
`;

const { values } = readOptions({
  options: {
    speech: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Ends are measured where the person stops; a file that was cut has no end. */
async function measure(dir: string): Promise<MeterError[]> {
  const utterances = (await readSpeech(dir)).utterances.filter(({ end }) => end === 'natural');
  const errors: MeterError[] = [];
  for (const { file, kind, speechStartMs, speechEndMs } of utterances) {
    const { caller } = await readRecording(join(dir, file));
    const [first, last] = [caller[0], caller.at(-1)];
    errors.push({
      file,
      kind,
      ...(first && last ? { startMs: first.startMs - speechStartMs, endMs: last.endMs - speechEndMs } : {}),
    });
    const done = errors.length;
    process.stderr.write(`\rfile ${done} of ${utterances.length}${done === utterances.length ? '\n' : ''}`);
  }
  return errors;
}

const cells = ({ medianMs, p95Ms, maxMs, biasMs, over150 }: MeterFigures) => [
  ...[medianMs, p95Ms, maxMs].map((ms) => ms.toFixed(0)),
  biasMs.toFixed(0).replace('-', '−'),
  String(over150),
];

async function main(): Promise<void> {
  if (values.help || values.speech === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const errors = await measure(values.speech);
  const rows = meterRows(errors);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ type: 'meter', rows, errors })}\n`);
    return;
  }
  const heads = ['start: median', 'p95', 'max', 'bias', '> 150'];
  const table = rows.map(({ kind, start, end }) => [
    kind,
    String(start.files),
    String(start.none),
    ...cells(start),
    ...cells(end),
  ]);
  const head = ['kind', 'files', 'none', ...heads, ...heads.map((one) => one.replace('start', 'end'))];
  process.stdout.write(`|error|, ms; bias: median of the signed errors\n${alignColumns([head, ...table])}\n`);
}

await runToEnd(main);
