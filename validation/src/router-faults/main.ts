import { writeFile } from 'node:fs/promises';
import { FirstwordLLM } from '@firstword/livekit';
import { router } from '@firstword/llm';
// Private benches may import LiveKit; among the published packages only packages/livekit does.
import { initializeLogger, llm } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { faultRows, renderFaultRows, SLACK_MS } from './fault-table.js';
import { type FaultArm, type FaultTrial, QUESTION, runFaultTrial } from './fault-trial.js';
import { FAULT_CASES } from './faults.js';

/** The router's default first-content deadline, ms. Nothing is tuned for this bench. */
const DEADLINE_MS = 2_000;
/** FallbackAdapter's default, ms. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** Longer than every timeout of either arm, ms. */
const TIMEOUT_MS = 16_000;

/** Reads both arms through LiveKit's own stream, so that neither has a shorter path. */
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
  // LiveKit's streams do not throw: they end, and the model emits the error.
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
    // FallbackAdapter passes its attempt timeout to the model. LiveKit's OpenAI plugin passes it to its client, which
    // applies it until the headers arrive. Our model gets the same timeout here; without it the arm would look worse than
    // it is. Our model's further timeouts (15 s for the first content, 10 s for a stall) make the arm look better than
    // with that plugin, which has none.
    timeouts: { headersMs: ATTEMPT_TIMEOUT_MS },
    ask: ({ primary, backup }, signal) =>
      textsOf(
        new llm.FallbackAdapter({ llms: [new FirstwordLLM(primary), new FirstwordLLM(backup)] }),
        signal,
      ),
  },
];

const HELP = `Compares Firstword's router with LiveKit's FallbackAdapter while the primary provider fails. The LLMs are emulated.

  npm run bench:fallback
  --seeds N      trials per fault (default 4); all faults of one seed run at the same time
  --json FILE    write every trial as JSON
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
  process.stderr.write(`--seeds takes a whole number of at least 1, not "${values.seeds}".\n`);
  process.exit(2);
}

initializeLogger({ pretty: false, level: 'silent' });
const trials: FaultTrial[] = [];
for (let seed = 1; seed <= seeds; seed += 1) {
  trials.push(
    ...(await Promise.all(
      FAULT_CASES.map((one) => runFaultTrial({ case: one, seed, arms: ARMS, timeoutMs: TIMEOUT_MS })),
    )),
  );
}
const rows = faultRows(trials, { deadlineMs: DEADLINE_MS });
console.log(
  `Node ${process.version}. Emulated: gpt-4o-mini (faulty) with Groq's gpt-oss-120b as backup; ${values.seeds} seeds per fault.\n` +
    `Times are to the first text; the whole answer may take ${TIMEOUT_MS / 1_000} s. In time: the complete correct answer, whose first\n` +
    `text arrived within ${DEADLINE_MS} ms plus the healthy backup's time to first text (and ${SLACK_MS} ms for timers).\n`,
);
console.log(renderFaultRows(rows));
if (values.json) await writeFile(values.json, `${JSON.stringify({ rows, trials }, null, 2)}\n`);
process.exit(0);
