import { openTemporaryFolder } from '@firstword/turn/store';
import { readOptions } from '../read-options.js';
import { CASES } from './cases.js';
import { scoreWildCase, type WildScore, writeWildCase } from './score.js';
import { isRight, wildCaseText, wildGroupText, wildTotals, wildTotalsText } from './totals.js';

const HELP = `Measures how well the doctor finds the causes of slow turns in logs, traces and call objects as other programs print them.
  npm run bench:wild                       score the development cases: totals, and the cases that went wrong
  npm run bench:wild -- --held-out         score the held-out cases: totals only
  npm run bench:wild -- --held-out --show  name the held-out cases too
  npm run bench:wild -- --by cause         a table by cause, or by shape
  npm run bench:wild -- --only REGEXP      only cases whose name matches
  npm run bench:wild -- --json             the totals as JSON; with --show the cases too
  npm run bench:wild -- --write DIR        write the cases as files, with LABELS.tsv`;

const { values } = readOptions({
  options: {
    'held-out': { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    by: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    write: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

const isHeldOut = values['held-out'];
const wanted = CASES.filter((one) => one.isHeldOut === isHeldOut && new RegExp(values.only).test(one.name));

async function write(folder: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  const lines = ['case\tcause\taccepted first'];
  for (const one of wanted) {
    await writeWildCase(one, folder);
    lines.push(`${one.name}\t${one.cause.id}\t${one.cause.accepted.join(' ') || 'nothing above low'}`);
  }
  await writeFile(`${folder}/LABELS.tsv`, `${lines.join('\n')}\n`);
  console.log(`${wanted.length} cases written to ${folder}`);
}

async function score(): Promise<void> {
  const folder = await openTemporaryFolder({ purpose: 'wild' });
  const scores: WildScore[] = [];
  try {
    for (const one of wanted) scores.push(await scoreWildCase(one, folder.path));
  } finally {
    await folder.remove();
  }
  const totals = wildTotals(scores);
  const mayName = !isHeldOut || values.show;
  if (values.json) {
    console.log(JSON.stringify(values.show ? { totals, cases: scores } : { totals }));
    return;
  }
  if (mayName && values.by === '')
    for (const one of scores) if (!isRight(one)) console.log(wildCaseText(one));
  if (mayName && (values.by === 'cause' || values.by === 'shape'))
    console.log(wildGroupText(scores, values.by));
  console.log(`\n${wildTotalsText(isHeldOut ? 'Held out' : 'Development', totals)}`);
}

if (values.help) console.log(HELP);
else if (values.write) await write(values.write);
else await score();
