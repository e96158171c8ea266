import { alignColumns } from '@firstword/records';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { type MeterFigures, meterRows } from './evaluate.js';
import { measurePeople } from './people.js';
import { measureSynthetic } from './synthetic.js';

const HELP = `Measures how exactly the gap detector finds the first and the last speech in a recording.

  npm run bench:meter                      the synthesized lines of firstword compare, in noise
  npm run bench:meter -- --speech DIR      recordings of people: a folder with a manifest.jsonl (docs/measurements/meter.md)
  --json        print one JSON object on stdout, with the error of every file; progress on stderr
`;

const { values } = readOptions({
  options: {
    speech: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const cells = ({ medianMs, p95Ms, maxMs, biasMs, over150 }: MeterFigures) => [
  ...[medianMs, p95Ms, maxMs].map((ms) => ms.toFixed(0)),
  biasMs.toFixed(0).replace('-', '−'),
  String(over150),
];

async function main(): Promise<void> {
  const onFile = (done: number, count: number) =>
    process.stderr.write(`\rrecording ${done} of ${count}${done === count ? '\n' : ''}`);
  const errors =
    values.speech === undefined ? await measureSynthetic(onFile) : await measurePeople(values.speech, onFile);
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

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
