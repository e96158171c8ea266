import { readOptions } from '../read-options.js';
import { accuracy } from './accuracy.js';
import type { Figure } from './figure.js';
import { overhead } from './overhead.js';

const BENCHES = { overhead, accuracy };
type Name = keyof typeof BENCHES;

const HELP = `Usage: npm run bench:providers -- [overhead] [accuracy] [options]

  overhead   what the provider bench adds to a request, against plain undici, in turn, at 20 requests a second
  accuracy   phases as the provider bench measures them against what the emulator plays

Options:
  --requests N   of each arm (default 2000: overhead takes six minutes, accuracy two)
  --json         the figures as JSON
  --help

Exits with 1 where a target is missed. Other load on the machine shows in the figures.`;

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
  console.error(`It takes overhead, accuracy, and --requests from 20.\n\n${HELP}`);
  process.exit(2);
}

const show = ({ name, value, low, high, target, n }: Figure) => {
  const interval = low === undefined ? '' : ` [${low.toFixed(3)}–${high!.toFixed(3)}]`;
  const verdict = target === undefined ? '' : `, wanted ≤ ${target}: ${value <= target ? 'met' : 'missed'}`;
  return `  ${name}: ${value.toFixed(3)}${interval} ms, n = ${n}${verdict}`;
};

const figures: Figure[] = [];
for (const name of names as Name[]) {
  console.error(`${name} …`);
  figures.push(...(await BENCHES[name]({ requests })));
}
console.log(
  values.json ? JSON.stringify(figures) : `Node ${process.version}\n${figures.map(show).join('\n')}`,
);
process.exit(figures.some(({ value, target }) => target !== undefined && value > target) ? 1 : 0);
