import { parseArgs } from 'node:util';
import {
  CASES,
  type CorpusCase,
  caseText,
  scoreCorpus,
  seedOf,
  totalsOf,
  totalsText,
  writeCase,
  writeLabels,
} from '@firstword/bench/doctor';
import { initializeLogger } from '@livekit/agents';
import { playCall } from './sessions/session.js';

const HELP = `How well the doctor finds what is wrong: a corpus of calls, each with one or two causes injected, or none.
  npm run bench:doctor                    score the committed corpus: each case to build on, and the totals of those held out
  npm run bench:doctor -- --json          the totals, as JSON
  npm run bench:doctor -- --make          play every call again and write the corpus (about five minutes)
  npm run bench:doctor -- --make --only tool   only cases whose name has this in it
  npm run bench:doctor -- --at-once 4     so many cases are played at the same time (8)`;

const { values } = parseArgs({
  options: {
    make: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function make(one: CorpusCase): Promise<void> {
  const { setUp } = one;
  const lines: string[] = [];
  for (let call = 1; call <= setUp.calls; call++) {
    const { records, history } = await playCall({ setUp, callId: `call-${call}`, seed: seedOf(one) + call });
    if (setUp.kept === 'turn records') lines.push(...records.map((record) => JSON.stringify(record)));
    else
      lines.push(
        ...(setUp.kept === 'chat history'
          ? history
          : history.filter((line) => !line.includes('"role":"user"'))),
      );
  }
  await writeCase(one, lines);
  process.stderr.write(`${one.name}: ${lines.length} lines\n`);
}

/** A blocked thread is every call's: such cases are played alone. */
const isAlone = ({ setUp }: CorpusCase): boolean => setUp.turn.blocked !== undefined;

async function makeAll(atOnce: number): Promise<void> {
  initializeLogger({ pretty: false, level: 'silent' });
  const wanted = CASES.filter(({ name }) => name.includes(values.only));
  const together = wanted.filter((one) => !isAlone(one));
  const next = async (): Promise<void> => {
    for (let one = together.shift(); one; one = together.shift()) await make(one);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  for (const one of wanted.filter(isAlone)) await make(one);
  await writeLabels();
}

async function score(): Promise<void> {
  const built = await scoreCorpus('build');
  // Only the totals: what rules are built on must not be these.
  const heldOut = totalsOf(await scoreCorpus('held out'));
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ build: totalsOf(built), heldOut })}\n`);
    return;
  }
  for (const one of built) console.log(caseText(one));
  console.log(`\n${totalsText('build set', totalsOf(built))}\n${totalsText('held out ', heldOut)}`);
}

if (values.help) console.log(HELP);
else {
  if (values.make) await makeAll(Number(values['at-once']));
  await score();
  process.exit();
}
