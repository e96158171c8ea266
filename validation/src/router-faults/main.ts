import { writeFile } from 'node:fs/promises';
import { FirstwordLLM } from '@firstword/livekit';
import { router } from '@firstword/llm';
// A bench stands beside what it measures, so this one file imports LiveKit, as a devDependency: the rule that only
// packages/livekit may is for sources that ship (`packages/*/src`), and an arm exported from there would be public.
import { initializeLogger, llm } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import {
  FAULT_CASES,
  type FaultArm,
  type FaultTrial,
  faultRows,
  QUESTION,
  renderFaultRows,
  runFaultTrial,
  SLACK_MS,
} from './index.js';

/** The router's own default, ms: nothing is tuned for this bench. */
const DEADLINE_MS = 2_000;
/** FallbackAdapter's default, ms. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** Longer than every timeout of either arm, ms. */
const PATIENCE_MS = 16_000;

/** Both arms are read through LiveKit's own stream, so that neither has a shorter way to the reader. */
async function* textsOf(model: llm.LLM, signal: AbortSignal): AsyncGenerator<string> {
  const chatCtx = new llm.ChatContext();
  chatCtx.addMessage({ role: 'user', content: QUESTION });
  let failure: Error | undefined;
  model.on('error', ({ error }) => {
    failure = error;
  });
  const stream = model.chat({ chatCtx });
  signal.addEventListener('abort', () => stream.close(), { once: true });
  for await (const chunk of stream) if (chunk.delta?.content) yield chunk.delta.content;
  // LiveKit's streams do not throw: they end, and the model tells of the error.
  if (failure) throw failure;
}

const ARMS: FaultArm[] = [
  {
    name: 'router',
    ask: ({ primary, backup }, signal) =>
      textsOf(new FirstwordLLM(router({ models: [primary, backup] })), signal),
  },
  {
    name: 'FallbackAdapter',
    // It only passes its attempt timeout on; LiveKit's OpenAI plugin gives it to its client, which keeps it until the
    // headers come. Ours is told the same, or the arm would look worse than it is. What ours adds, a timeout of 15 s
    // for the first content and of 10 s for a stall, makes it look better than over that plugin, which has none.
    timeouts: { headersMs: ATTEMPT_TIMEOUT_MS },
    ask: ({ primary, backup }, signal) =>
      textsOf(
        new llm.FallbackAdapter({ llms: [new FirstwordLLM(primary), new FirstwordLLM(backup)] }),
        signal,
      ),
  },
];

const HELP = `What a caller gets while a provider fails: Firstword's router beside LiveKit's FallbackAdapter, LLMs emulated.

  npm run bench:fallback
  --seeds N      per fault (default 4); all faults of one seed run at once: they mostly wait
  --json FILE    every trial, as JSON
  --help
`;

const { values } = readOptions({
  options: {
    seeds: { type: 'string', default: '4' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const seeds = Number(values.seeds);
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (!(Number.isInteger(seeds) && seeds >= 1)) {
  process.stderr.write(`--seeds takes a whole number from 1, not "${values.seeds}".\n`);
  process.exit(2);
}

initializeLogger({ pretty: false, level: 'silent' });
const trials: FaultTrial[] = [];
for (let seed = 1; seed <= seeds; seed += 1) {
  trials.push(
    ...(await Promise.all(
      FAULT_CASES.map((one) => runFaultTrial({ case: one, seed, arms: ARMS, patienceMs: PATIENCE_MS })),
    )),
  );
}
const rows = faultRows(trials, { deadlineMs: DEADLINE_MS });
console.log(
  `Node ${process.version}. Emulated: gpt-4o-mini (faulty) with Groq's gpt-oss-120b behind it; ${values.seeds} seeds a fault.\n` +
    `Times are to the first text a listener gets; he waits ${PATIENCE_MS / 1_000} s for all of it. In time: the whole right answer, begun\n` +
    `within ${DEADLINE_MS} ms and the healthy backup's own time (and ${SLACK_MS} ms for timers).\n`,
);
console.log(renderFaultRows(rows));
if (values.json) await writeFile(values.json, `${JSON.stringify({ rows, trials }, null, 2)}\n`);
process.exit(0);
