import { loadLocalModels } from '@firstword/livekit';
import { ascending, percentile } from '@firstword/turn/statistics';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { type CutOffResult, playCutOff } from './call.js';
import { type Halves, halvesOfPeople, syntheticHalves } from './halves.js';
import { type CutOff, PHASES, schedule } from './schedule.js';

const HELP = `Usage: npm run bench:cut-offs -- [options]

Plays calls in which the agent commits the turn in a pause and the caller goes on 100 to 1400 ms later: before the LLM's first
token, before the first audio, and while the answer is heard. Real time, real VAD, a scripted STT.

  --speech DIR   turns of people, cut in a pause (a folder with manifest.jsonl); default: a synthetic voice
  --off          without the lever: LiveKit's barge-in
  --parallel N   calls at the same time (default 1)
  --limit N      the first N calls only
  --json         one JSON object
`;

const { values } = readOptions({
  options: {
    speech: { type: 'string' },
    off: { type: 'boolean', default: false },
    parallel: { type: 'string', default: '1' },
    limit: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** A call whose audio was later than this says nothing: the machine was busy. It is played again, ms. */
const MAX_LATE_MS = 40;
const MAX_PLAYS = 3;
let replays = 0;

async function playInTime(turn: Halves, cutOff: CutOff): Promise<CutOffResult> {
  for (let plays = 1; ; plays++) {
    const result = await playCutOff(turn, cutOff, !values.off);
    if (result.lateMs <= MAX_LATE_MS || plays === MAX_PLAYS) return result;
    replays += 1;
  }
}

function render(results: readonly CutOffResult[]): string {
  const lines = ['phase                     calls  one answer  doubled  stop p50  p95  max ms'];
  for (const phase of [...PHASES, 'all'] as const) {
    const of = results.filter((result) => phase === 'all' || result.phase === phase);
    const stops = ascending(of.flatMap(({ stoppedMs }) => (stoppedMs === undefined ? [] : [stoppedMs])));
    const ms = (percent: number) =>
      stops.length === 0 ? '–' : String(Math.round(percentile(stops, percent)));
    const cells = [of.length, of.filter((r) => r.isOne).length, of.filter((r) => r.answers > 1).length];
    lines.push(
      `${phase.padEnd(25)} ${cells.map((n, i) => String(n).padStart([5, 11, 8][i]!)).join(' ')} ${ms(50).padStart(9)} ${ms(95).padStart(4)} ${ms(100).padStart(4)}`,
    );
  }
  const bad = results.filter(({ isOne }) => !isOne);
  for (const { name, gapMs, phase, answers, turns, asked } of bad)
    lines.push(
      `not repaired: ${name}, ${gapMs} ms, ${phase}: ${answers} answers, turns ${JSON.stringify(turns)}, asked ${asked}`,
    );
  const late = results.filter(({ lateMs }) => lateMs > MAX_LATE_MS).length;
  lines.push(`${replays} calls played again because the machine was busy; ${late} late to the end`);
  return `${lines.join('\n')}\n`;
}

await runToEnd(async () => {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  initializeLogger({ pretty: false, level: 'silent' });
  loadLocalModels();
  const cutOffs = schedule().slice(0, values.limit === undefined ? undefined : Number(values.limit));
  const halves = values.speech
    ? await halvesOfPeople(values.speech, cutOffs.length)
    : await syntheticHalves();
  const results: CutOffResult[] = [];
  const queue = cutOffs.map((cutOff, i) => ({ cutOff, turn: halves[i % halves.length]! }));
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results.push(await playInTime(next.turn, next.cutOff));
      process.stderr.write(`\r${results.length} of ${cutOffs.length} calls`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.parallel)) }, work));
  process.stderr.write('\n');
  process.stdout.write(values.json ? `${JSON.stringify({ type: 'cut-offs', results })}\n` : render(results));
});
