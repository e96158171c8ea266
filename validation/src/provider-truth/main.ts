import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { findProfile } from '@firstword/emulator';
import { readOptions } from '../read-options.js';
import { coverageOf, falseRanks, hedgeRatios, type Known, stragglerCounts } from './coverage.js';
import { socketChecks } from './sockets.js';
import { type Held, renderHeld } from './table.js';

const HELP = `What the provider bench reports, held against distributions that are known.

First in virtual time: answers are drawn from the emulator's own published distributions, seed by seed, and every
percentile's interval, the ranks, the stragglers and the what-if of a hedge are held against the truth (half a minute).
Then on real sockets: phases against the moments at which the emulator sends, stragglers against those it was told to
make, and the what-if against the router really hedging (about two minutes; other load on the machine shows).

  npm run bench:provider-truth                 both
  npm run bench:provider-truth -- --no-sockets the first only
  --seeds N        seeds of the first part (default 100)
  --requests N     requests of each hedged arm on sockets (default 1200)
  --json FILE      writes the figures
  --help

Exits with 0 when every figure is reached, 1 when one is missed, 130 on Ctrl-C.
`;

const { values } = readOptions({
  allowNegative: true,
  options: {
    seeds: { type: 'string', default: '100' },
    requests: { type: 'string', default: '1200' },
    sockets: { type: 'boolean', default: true },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const published = (name: string): Known => ({ name, ttft: findProfile(name)!.ttft });
const STRAGGLING = {
  ...published('gpt-4o-mini'),
  name: 'gpt-4o-mini, 1 % + 5 s',
  stragglerShare: 0.01,
  stragglerMs: 5000,
};
const KNOWN: Known[] = [
  published('groq-gpt-oss-120b'),
  published('gpt-4o-mini'),
  published('claude-haiku-4.5'),
  STRAGGLING,
];
/** Of all seeds. */
const WANTED_SHARE = 0.93;

function percentiles(seeds: number): Held[] {
  const wanted = `≥ ${Math.ceil(WANTED_SHARE * seeds)} of ${seeds}`;
  return [100, 600].flatMap((requests) =>
    KNOWN.flatMap((known) => {
      const found = coverageOf(known, { requests, seeds });
      const { together } = found[0]!;
      const each = found.map(({ name, percent, trueMs, held, closed }) => ({
        figure: `${name}, n ${requests}: p${percent} (${trueMs.toFixed(0)} ms) in its interval`,
        wanted,
        measured: `${held}${closed < seeds ? `, ${closed} with an upper end` : ''}`,
        met: held >= WANTED_SHARE * seeds,
      }));
      const all = {
        figure: `${known.name}, n ${requests}: all four at once`,
        wanted,
        measured: String(together),
      };
      return [...each, { ...all, met: together >= WANTED_SHARE * seeds }];
    }),
  );
}

function ranks(seeds: number): Held[] {
  return falseRanks(published('gpt-4o-mini'), { arms: 4, requests: 120, seeds }).map(
    ({ percent, ranked }) => ({
      figure: `4 equal arms, n 120 each: a rank that is not there, p${percent}`,
      wanted: `≤ ${Math.floor((1 - WANTED_SHARE) * seeds + 1e-9)} of ${seeds}`,
      measured: String(ranked),
      met: ranked <= (1 - WANTED_SHARE) * seeds + 1e-9,
    }),
  );
}

function stragglers(seeds: number): Held {
  const steady = { ...published('vllm-qwen2.5-7b-c8'), stragglerShare: 0.02, stragglerMs: 3000 };
  const counts = stragglerCounts(steady, { requests: 300, seeds });
  const exact = counts.filter(({ injected, reported }) => injected === reported).length;
  const all = counts.reduce((sum, { injected }) => sum + injected, 0);
  return {
    figure: `stragglers counted as made (${all} in all)`,
    wanted: `${seeds} of ${seeds} exact`,
    measured: String(exact),
    met: exact === seeds,
  };
}

function hedges(seeds: number): Held[] {
  const [mini, groq] = [published('gpt-4o-mini'), published('groq-gpt-oss-120b')];
  return [400, 900, 1500].map((delayMs) => {
    const ratios = hedgeRatios(mini, groq, { delayMs, requests: 600, seeds });
    const near = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length;
    return {
      figure: `what-if p95 within ±10 % of its law, gpt-4o-mini → Groq after ${delayMs} ms, n 600`,
      wanted: `≥ ${Math.ceil(WANTED_SHARE * seeds)} of ${seeds}`,
      measured: String(near),
      met: near >= WANTED_SHARE * seeds,
    };
  });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  // Each request under way listens.
  setMaxListeners(0, stop.signal);
  const [seeds, requests] = [Number(values.seeds), Number(values.requests)];
  const drawn = [...percentiles(seeds), ...ranks(seeds), stragglers(seeds), ...hedges(seeds)];
  console.log(`In virtual time, seeds 1 to ${seeds}\n${renderHeld(drawn)}\n`);
  const real = values.sockets
    ? await socketChecks({ requests, signal: stop.signal, say: (line) => process.stderr.write(`${line}\n`) })
    : [];
  if (real.length > 0) console.log(`On sockets, the emulator in a process of its own\n${renderHeld(real)}`);
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ seeds, requests, drawn, real }, null, 2)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : [...drawn, ...real].every(({ met }) => met) ? 0 : 1;
}

if (values.help) process.stdout.write(HELP);
else await main();
