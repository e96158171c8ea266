import { readOptions } from '../read-options.js';
import { accuracy } from './accuracy.js';
import type { ProviderBenchFigure } from './figure.js';
import { overhead } from './overhead.js';

const BENCHES = { overhead, accuracy };
type Name = keyof typeof BENCHES;

const HELP = `Usage: npm run bench:providers -- [overhead] [accuracy] [options]

  overhead   time that the provider bench adds to a request, compared with plain undici, at 20 requests per second
  accuracy   phases measured by the provider bench, compared with the times at which the emulator sends

Options:
  --requests N   requests per arm (default 2000: overhead takes six minutes, accuracy two)
  --json         print the figures as JSON
  --help

Exits with 1 if a target is missed. The figures are sensitive to other load on the machine.`;

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const requests = Number(values.requests);
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
if (!(Number.isInteger(requests) && requests >= 20) || names.some((name) => !Object.hasOwn(BENCHES, name))) {
  console.error(`Expected overhead or accuracy, and --requests of at least 20.\n\n${HELP}`);
  process.exit(2);
}

const show = ({ name, value, low, high, target, n }: ProviderBenchFigure) => {
  const interval = low === undefined ? '' : ` [${low.toFixed(3)}–${high!.toFixed(3)}]`;
  const verdict = target === undefined ? '' : `, expected ≤ ${target}: ${value <= target ? 'met' : 'missed'}`;
  return `  ${name}: ${value.toFixed(3)}${interval} ms, n = ${n}${verdict}`;
};

const figures: ProviderBenchFigure[] = [];
for (const name of names as Name[]) {
  console.error(`${name} …`);
  figures.push(...(await BENCHES[name]({ requests })));
}
console.log(
  values.json ? JSON.stringify(figures) : `Node ${process.version}\n${figures.map(show).join('\n')}`,
);
process.exit(figures.some(({ value, target }) => target !== undefined && value > target) ? 1 : 0);
