import { monitorEventLoopDelay } from 'node:perf_hooks';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { playCall } from '../sessions/session.js';
import {
  CASES,
  type CorpusCase,
  caseText,
  scoreCorpus,
  seedOf,
  totalsOf,
  totalsText,
  withoutFile,
  writeCase,
  writeLabels,
  writeScores,
} from './index.js';

const HELP = `How well the doctor finds what is wrong: a corpus of calls, each with one or two causes injected, or none.
  npm run bench:doctor                    score the committed corpus: each case to build on, and the totals of those held out
  npm run bench:doctor -- --json          the totals, as JSON
  npm run bench:doctor -- --build         only the part that rules are built on
  npm run bench:doctor -- --save          the same, and write corpus/doctor/scores.json
  npm run bench:doctor -- --make          play every call again and write the corpus, unscored (about a quarter of an hour)
  npm run bench:doctor -- --make --only tool   only cases whose name matches this regular expression
  npm run bench:doctor -- --make --missing     only cases that have no file yet
  npm run bench:doctor -- --at-once 4     so many cases are played at the same time (8)`;

const { values } = readOptions({
  options: {
    make: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
    build: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Held up for longer than this by its neighbours, a case shows a cause that nobody injected. */
const MOST_HELD_MS = 100;
const ATTEMPTS = 3;

/** The longest that the thread was held meanwhile, ms. */
async function heldMsDuring<T>(work: () => Promise<T>): Promise<{ result: T; heldMs: number }> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const result = await work();
  delays.disable();
  return { result, heldMs: delays.max / 1e6 };
}

/** The least disturbed of a few attempts: the corpus is to show what was injected, and not a busy machine. */
async function make(one: CorpusCase): Promise<void> {
  let best: { result: string[]; heldMs: number } | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await heldMsDuring(() => playCase(one));
    if (!best || found.heldMs < best.heldMs) best = found;
    if (best.heldMs <= MOST_HELD_MS || isAlone(one)) break;
  }
  await writeCase(one, best!.result);
  process.stderr.write(
    `${one.name}: ${best!.result.length} lines, thread held for ${Math.round(best!.heldMs)} ms at most\n`,
  );
}

async function playCase(one: CorpusCase): Promise<string[]> {
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
  return lines;
}

/** A blocked thread is every call's: such cases are played alone. */
const isAlone = ({ setUp }: CorpusCase): boolean => setUp.turn.blocked !== undefined;

async function makeAll(atOnce: number): Promise<void> {
  initializeLogger({ pretty: false, level: 'silent' });
  const named = CASES.filter(({ name }) => new RegExp(values.only).test(name));
  const wanted = values.missing ? await withoutFile(named) : named;
  const together = wanted.filter((one) => !isAlone(one));
  const next = async (): Promise<void> => {
    for (let one = together.shift(); one; one = together.shift()) await make(one);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  for (const one of wanted.filter(isAlone)) await make(one);
  await writeLabels();
}

async function score(): Promise<void> {
  const build = await scoreCorpus('build');
  // Only the totals of these are shown: what rules are built on must not be these.
  const heldOut = values.build ? [] : await scoreCorpus('held out');
  if (values.save) await writeScores({ build, heldOut });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ build: totalsOf(build), heldOut: totalsOf(heldOut) })}\n`);
    return;
  }
  for (const one of build) console.log(caseText(one));
  console.log(`\n${totalsText('Cases that rules are built on', totalsOf(build))}`);
  if (!values.build) console.log(totalsText('Held out', totalsOf(heldOut)));
}

if (values.help) console.log(HELP);
else {
  if (values.save && values.build) throw new Error('--save writes both parts: leave --build out');
  if (values.make) await makeAll(Number(values['at-once']));
  else await score();
  process.exit();
}
