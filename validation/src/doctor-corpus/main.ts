import { monitorEventLoopDelay } from 'node:perf_hooks';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { REALTIME_CALLS } from '../realtime-corpus/play.js';
import type { LabelledCase } from './cases.js';
import { CASCADES, type PlayableCorpus } from './play.js';
import { caseText, totalsOf, totalsText } from './score.js';

const HELP = `Measures how well the doctor finds the causes of slow turns, on a corpus of calls with one, two or no injected causes.
  npm run bench:doctor                    score the committed corpus: every development case, totals of the held-out ones
  npm run bench:doctor -- --realtime      the same for the corpus of realtime (speech-to-speech) calls; goes with every option
  npm run bench:doctor -- --json          print the totals as JSON
  npm run bench:doctor -- --build         score only the development cases
  npm run bench:doctor -- --save          score both parts and write scores.json into the corpus
  npm run bench:doctor -- --make          play every call again and write the corpus (about 15 minutes)
  npm run bench:doctor -- --make --only tool   only cases whose name matches this regular expression
  npm run bench:doctor -- --make --missing     only cases without a file
  npm run bench:doctor -- --make --at-once 4   number of cases played at the same time (8)
  npm run bench:doctor -- --make --attempts 1  times that a case is played where other load blocked the event loop (3)`;

const { values } = readOptions({
  options: {
    realtime: { type: 'boolean', default: false },
    make: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
    build: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '8' },
    attempts: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** If the event loop was blocked for longer than this, ms, a case is repeated: it would show a cause that was not injected. */
const MAX_BLOCKED_MS = 100;

/** Runs `work` and measures the longest event loop delay during it, ms. */
async function blockedMsDuring<T>(work: () => Promise<T>): Promise<{ result: T; blockedMs: number }> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const result = await work();
  delays.disable();
  return { result, blockedMs: delays.max / 1e6 };
}

/** Plays a case several times, if need be, and writes the attempt with the least event loop delay, to exclude effects of load. */
async function make<Case extends LabelledCase>(one: Case, playable: PlayableCorpus<Case>): Promise<void> {
  let best: { result: string[]; blockedMs: number } | undefined;
  for (let attempt = 1; attempt <= Number(values.attempts); attempt++) {
    const found = await blockedMsDuring(() => playable.play(one));
    if (!best || found.blockedMs < best.blockedMs) best = found;
    if (best.blockedMs <= MAX_BLOCKED_MS || playable.isAlone(one)) break;
  }
  await playable.corpus.write(one, best!.result);
  process.stderr.write(
    `${one.name}: ${best!.result.length} lines, longest event loop delay ${Math.round(best!.blockedMs)} ms\n`,
  );
}

async function makeAll<Case extends LabelledCase>(
  playable: PlayableCorpus<Case>,
  atOnce: number,
): Promise<void> {
  initializeLogger({ pretty: false, level: 'silent' });
  const { corpus, isAlone } = playable;
  const named = corpus.cases.filter(({ name }) => new RegExp(values.only).test(name));
  const wanted = values.missing ? await corpus.withoutFile(named) : named;
  const together = wanted.filter((one) => !isAlone(one));
  const next = async (): Promise<void> => {
    for (let one = together.shift(); one; one = together.shift()) await make(one, playable);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  for (const one of wanted.filter(isAlone)) await make(one, playable);
  await corpus.writeLabels();
}

async function score<Case extends LabelledCase>({ corpus }: PlayableCorpus<Case>): Promise<void> {
  const build = await corpus.score('build');
  // Only the totals are shown, so that nobody develops rules on held-out cases.
  const heldOut = values.build ? [] : await corpus.score('held out');
  if (values.save) await corpus.writeScores({ build, heldOut });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ build: totalsOf(build), heldOut: totalsOf(heldOut) })}\n`);
    return;
  }
  for (const one of build) console.log(caseText(one));
  console.log(`\n${totalsText('Development cases', totalsOf(build))}`);
  if (!values.build) console.log(totalsText('Held out', totalsOf(heldOut)));
}

async function run<Case extends LabelledCase>(playable: PlayableCorpus<Case>): Promise<void> {
  if (values.make) await makeAll(playable, Number(values['at-once']));
  else await score(playable);
}

if (values.help) console.log(HELP);
else {
  if (values.save && values.build) throw new Error('--save writes both parts: omit --build');
  if (values.realtime) await run(REALTIME_CALLS);
  else await run(CASCADES);
  process.exit();
}
