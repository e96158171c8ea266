import type { TurnRecord } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { playCall } from '../sessions/session.js';
import { nameOf, outcomeOf, outcomeText, type PairOutcome, WHAT_IF_PAIRS, type WhatIfPair } from './index.js';

const HELP = `How well \`firstword what-if\` predicts: real sessions without a lever and with it, at the same time and with the same
seeds; what was predicted from those without against what was measured with it.
  npm run bench:what-if                   every pair of lever and profile (about nine minutes)
  npm run bench:what-if -- --calls 4      so many calls of nine turns an arm (16)
  npm run bench:what-if -- --only hedge   only pairs whose name has this in it
  npm run bench:what-if -- --json         as JSON`;

const { values } = readOptions({
  options: {
    calls: { type: 'string', default: '16' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The first turn of a call finds everything cold in its own process: it is played, and not counted. */
const isSettled = ({ turn }: TurnRecord): boolean => turn > 1;

async function play(pair: WhatIfPair, calls: number): Promise<PairOutcome> {
  const arm = async (which: 'off' | 'on') => {
    const played = await Promise.all(
      Array.from({ length: calls }, (_, at) =>
        playCall({ setUp: pair[which], callId: `${which}-${at}`, seed: 100 + at }),
      ),
    );
    return played.flatMap(({ records }) => records).filter(isSettled);
  };
  const [off, on] = await Promise.all([arm('off'), arm('on')]);
  return outcomeOf(pair, { off, on });
}

async function main(): Promise<void> {
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1) throw new Error('--calls takes a whole number from 1');
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
