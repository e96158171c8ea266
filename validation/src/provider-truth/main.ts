import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { findProfile } from '@firstword/emulator';
import { readOptions } from '../read-options.js';
import { coverageOf, falseRanks, hedgeRatios, type KnownDistribution, stragglerCounts } from './coverage.js';
import { socketChecks } from './sockets.js';
import { renderChecks, type TruthCheck } from './table.js';

const HELP = `Checks the figures of the provider bench against known distributions.

Part 1, in virtual time (half a minute): responses are drawn from the emulator's published distributions for many seeds.
The percentiles' intervals, the ranks, the stragglers and the hedging what-if are compared with the true values.
Part 2, on real sockets (about two minutes, sensitive to load): the phases are compared with the times at which the
emulator sends, the stragglers with the injected ones, and the what-if with the router actually hedging.

  npm run bench:provider-truth                 both parts
  npm run bench:provider-truth -- --no-sockets part 1 only
  --seeds N        seeds of part 1 (default 100)
  --requests N     requests of each hedged arm in part 2 (default 1200)
  --json FILE      write the figures as JSON
  --help

Exit codes: 0 every check passed; 1 a check failed; 130 stopped by Ctrl-C.
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

const published = (name: string): KnownDistribution => ({ name, ttft: findProfile(name)!.ttft });
const STRAGGLING = {
  ...published('gpt-4o-mini'),
  name: 'gpt-4o-mini, 1 % + 5 s',
  stragglerShare: 0.01,
  stragglerMs: 5000,
};
const KNOWN: KnownDistribution[] = [
  published('groq-gpt-oss-120b'),
  published('gpt-4o-mini'),
  published('claude-haiku-4.5'),
  STRAGGLING,
];
/** Share of the seeds in which a check must hold. */
const EXPECTED_SHARE = 0.93;

function percentiles(seeds: number): TruthCheck[] {
  const expected = `≥ ${Math.ceil(EXPECTED_SHARE * seeds)} of ${seeds}`;
  return [100, 600].flatMap((requests) =>
    KNOWN.flatMap((known) => {
      const found = coverageOf(known, { requests, seeds });
      const { allHeld } = found[0]!;
      const each = found.map(({ name, percent, trueMs, covered, closed }) => ({
        figure: `${name}, n ${requests}: p${percent} (${trueMs.toFixed(0)} ms) within its interval`,
        expected,
        measured: `${covered}${closed < seeds ? `, ${closed} with an upper bound` : ''}`,
        isMet: covered >= EXPECTED_SHARE * seeds,
      }));
      const all = {
        figure: `${known.name}, n ${requests}: all four jointly`,
        expected,
        measured: String(allHeld),
      };
      return [...each, { ...all, isMet: allHeld >= EXPECTED_SHARE * seeds }];
    }),
  );
}

function ranks(seeds: number): TruthCheck[] {
  return falseRanks(published('gpt-4o-mini'), { arms: 4, requests: 120, seeds }).map(
    ({ percent, ranked }) => ({
      figure: `4 equal arms, n 120 each: false ranks, p${percent}`,
      expected: `≤ ${Math.floor((1 - EXPECTED_SHARE) * seeds + 1e-9)} of ${seeds}`,
      measured: String(ranked),
      isMet: ranked <= (1 - EXPECTED_SHARE) * seeds + 1e-9,
    }),
  );
}

function stragglers(seeds: number): TruthCheck {
  const steady = { ...published('vllm-qwen2.5-7b-c8'), stragglerShare: 0.02, stragglerMs: 3000 };
  const counts = stragglerCounts(steady, { requests: 300, seeds });
  const exact = counts.filter(({ injected, reported }) => injected === reported).length;
  const all = counts.reduce((sum, { injected }) => sum + injected, 0);
  return {
    figure: `reported stragglers equal the injected ones (${all} in total)`,
    expected: `${seeds} of ${seeds} exact`,
    measured: String(exact),
    isMet: exact === seeds,
  };
}

function hedges(seeds: number): TruthCheck[] {
  const [mini, groq] = [published('gpt-4o-mini'), published('groq-gpt-oss-120b')];
  return [400, 900, 1500].map((delayMs) => {
    const ratios = hedgeRatios(mini, groq, { delayMs, requests: 600, seeds });
    const near = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length;
    return {
      figure: `what-if p95 within ±10 % of the formula, gpt-4o-mini → Groq after ${delayMs} ms, n 600`,
      expected: `≥ ${Math.ceil(EXPECTED_SHARE * seeds)} of ${seeds}`,
      measured: String(near),
      isMet: near >= EXPECTED_SHARE * seeds,
    };
  });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  // Every pending request adds a listener.
  setMaxListeners(0, stop.signal);
  const [seeds, requests] = [Number(values.seeds), Number(values.requests)];
  const drawn = [...percentiles(seeds), ...ranks(seeds), stragglers(seeds), ...hedges(seeds)];
  console.log(`In virtual time, seeds 1 to ${seeds}\n${renderChecks(drawn)}\n`);
  const real = values.sockets
    ? await socketChecks({ requests, signal: stop.signal, say: (line) => process.stderr.write(`${line}\n`) })
    : [];
  if (real.length > 0) console.log(`On sockets, with the emulator in its own process\n${renderChecks(real)}`);
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ seeds, requests, drawn, real }, null, 2)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : [...drawn, ...real].every(({ isMet }) => isMet) ? 0 : 1;
}

if (values.help) process.stdout.write(HELP);
else await main();
