import type { TurnRecord } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { playScriptedCall } from '../sessions/session.js';
import { outcomeOf, outcomeText, type PairOutcome } from './outcome.js';
import { nameOf, WHAT_IF_PAIRS, type WhatIfPair } from './pairs.js';

const HELP = `Measures how well \`firstword what-if\` predicts. Real sessions run without and with a lever at the same time and with the
same seeds; the prediction from the sessions without it is compared with the measurement with it.
  npm run bench:what-if                   every pair of lever and profile (about nine minutes)
  npm run bench:what-if -- --calls 4      number of calls per arm, of nine turns each (16)
  npm run bench:what-if -- --only hedge   only pairs whose name contains this text
  npm run bench:what-if -- --json         print JSON`;

const { values } = readOptions({
  options: {
    calls: { type: 'string', default: '16' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The first turn of a call is not counted, because connections and code are cold. */
const isCounted = ({ turn }: TurnRecord): boolean => turn > 1;

async function play(pair: WhatIfPair, calls: number): Promise<PairOutcome> {
  const arm = async (which: 'off' | 'on') => {
    const played = await Promise.all(
      Array.from({ length: calls }, (_, at) =>
        playScriptedCall({ setUp: pair[which], callId: `${which}-${at}`, seed: 100 + at }),
      ),
    );
    return played.flatMap(({ records }) => records).filter(isCounted);
  };
  const [off, on] = await Promise.all([arm('off'), arm('on')]);
  return outcomeOf(pair, { off, on });
}

async function main(): Promise<void> {
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1) throw new Error('--calls takes a whole number of at least 1');
  initializeLogger({ pretty: false, level: 'silent' });
  const outcomes: PairOutcome[] = [];
  const pairs = WHAT_IF_PAIRS.filter((pair) => nameOf(pair).includes(values.only));
  for (const pair of pairs) {
    process.stderr.write(`${outcomes.length + 1} of ${pairs.length}: ${nameOf(pair)} …\n`);
    outcomes.push(await play(pair, calls));
  }
  console.log(values.json ? JSON.stringify(outcomes) : outcomeText(outcomes));
}

if (values.help) console.log(HELP);
else await main();
process.exit();
