import { type EmulatorOptions, type FaultRule, startEmulator } from '@firstword/emulator';
import { Agent } from 'undici';
import type { BenchRoute, GatewayArm, RunningGateway } from './arms/arm.js';
import { GATEWAY_FAULT_CASES, type GatewayFaultCase } from './fault-cases.js';
import { type FaultVerdict, faultVerdict, type HealthyAnswer } from './fault-verdict.js';
import { readAnswer, type StreamedAnswer } from './read-answer.js';
import { startUpstream } from './upstream/upstream.js';

/** A whole answer is in time up to here, ms from the request. */
export const ANSWER_LIMIT_MS = 2_500;
/** A client waits this long, ms: a gateway may take longer than `ANSWER_LIMIT_MS` to tell that an answer broke off. */
const READ_LIMIT_MS = 12_000;
/** What peers wait for a first sign of an answer, where their documentation has a setting for it, ms: a backup is then in time. */
const PEER_TIMEOUT_MS = 1_500;
const PRIMARY_MS = 300;
const BACKUP_MS = 800;
const TOKENS_PER_SECOND = 200;
/** From which the receptionist counts "tomorrow". */
const TODAY = '2026-11-30';
/** Trials of one arm at the same time: more would measure how a busy gateway is slow, not how it fails over. */
const AT_ONCE = 6;

/** One request to one gateway whose primary has a fault. */
export interface GatewayFaultTrial {
  arm: string;
  fault: string;
  seed: number;
  verdict: FaultVerdict;
  answer: StreamedAnswer;
}

interface Trial {
  route: BenchRoute;
  faultCase: GatewayFaultCase;
  seed: number;
}

/** A route for each trial, so that no trial changes what the gateway knows in another. */
function trialsOf(seeds: number, holdUntilClause: boolean): Trial[] {
  return Array.from({ length: seeds }, (_, at) => at + 1).flatMap((seed) =>
    GATEWAY_FAULT_CASES.map((faultCase, index) => ({
      route: {
        name: `r${index}-${seed}`,
        primary: `p${index}-${seed}`,
        backup: `b${index}-${seed}`,
        holdUntilClause,
      },
      faultCase,
      seed,
    })),
  );
}

/** A route without a fault. A gateway that has just started is asked here first, so that its start is no part of a trial. */
const WARM_UP: BenchRoute = { name: 'warm-up', primary: 'warm-up-a', backup: 'warm-up-b' };
const WARM_UP_REQUESTS = 20;

function emulatorsOf(trials: readonly Trial[]): EmulatorOptions {
  const profile = (name: string, ms: number) => ({
    name,
    ttft: { p50Ms: ms, p95Ms: ms, maxMs: ms },
    source: 'synthetic: the same delay for every request',
  });
  const rules: FaultRule[] = trials.map(({ route, faultCase }) => ({
    fault: faultCase.fault,
    profile: route.primary,
  }));
  return {
    profiles: [WARM_UP, ...trials.map(({ route }) => route)].flatMap(({ primary, backup }) => [
      profile(primary, PRIMARY_MS),
      profile(backup, BACKUP_MS),
    ]),
    faults: { rules },
    tokensPerSecond: TOKENS_PER_SECOND,
    promptCache: false,
    today: TODAY,
  };
}

const TOOL = {
  type: 'function',
  function: {
    name: 'book_table',
    description: 'Books a table.',
    parameters: {
      type: 'object',
      properties: { party: { type: 'integer' }, date: { type: 'string' }, time: { type: 'string' } },
      required: ['party', 'date', 'time'],
    },
  },
};

/** One for each seed, over and over. Each answer has several sentences, so that a fault can come after the first clause. */
const QUESTIONS = [
  'At what time do you open, and where are you?',
  'What is on the menu, and where are you?',
  'Where are you, and how much is it?',
  'Do you have vegan dishes, at what time do you open, and where can I park?',
];

function questionOf({ faultCase, seed }: Trial): Record<string, unknown> {
  const content = faultCase.withTool
    ? `Please book a table for ${seed + 1} people tomorrow at seven pm.`
    : QUESTIONS[(seed - 1) % QUESTIONS.length];
  const messages = [{ role: 'user', content }];
  return faultCase.withTool ? { messages, tools: [TOOL], tool_choice: 'required' } : { messages };
}

/** The answers of a healthy model, with and without the tool. */
async function expectedAnswers(trials: readonly Trial[]): Promise<Map<string, HealthyAnswer>> {
  const agent = new Agent();
  const emulator = await startEmulator({ profile: 'instant', today: TODAY });
  try {
    const kinds = new Map(trials.map((trial) => [keyOf(trial), trial]));
    const read = async (trial: Trial): Promise<HealthyAnswer> => {
      const url = `${emulator.url}/chat/completions`;
      const body = { model: 'instant', ...questionOf(trial) };
      const { text, toolCalls } = await readAnswer({ url, body, agent, limitMs: READ_LIMIT_MS });
      return { text, toolCalls };
    };
    const entries = [...kinds].map(async ([key, trial]) => [key, await read(trial)] as const);
    return new Map(await Promise.all(entries));
  } finally {
    await Promise.all([agent.destroy(), emulator.close()]);
  }
}

/** Trials with the same key ask the same question. */
const keyOf = (trial: Trial) => JSON.stringify(questionOf(trial));

async function runTrials(options: {
  name: string;
  gateway: RunningGateway;
  trials: readonly Trial[];
  expected: ReadonlyMap<string, HealthyAnswer>;
  signal: AbortSignal;
}): Promise<GatewayFaultTrial[]> {
  const { name, gateway, trials, expected, signal } = options;
  const agent = new Agent();
  const results: GatewayFaultTrial[] = [];
  const askWarm = (at: number) =>
    readAnswer({
      url: `${gateway.baseUrl}/chat/completions`,
      headers: gateway.headersFor(WARM_UP),
      body: {
        ...gateway.bodyFor(WARM_UP),
        messages: [{ role: 'user', content: `Call ${at}: at what time do you open?` }],
      },
      agent,
      limitMs: READ_LIMIT_MS,
      signal,
    });
  for (let at = 0; at < WARM_UP_REQUESTS; at += 1) await askWarm(at);
  const waiting = [...trials];
  const worker = async () => {
    for (let trial = waiting.shift(); trial && !signal.aborted; trial = waiting.shift()) {
      const answer = await readAnswer({
        url: `${gateway.baseUrl}/chat/completions`,
        headers: gateway.headersFor(trial.route),
        body: { ...gateway.bodyFor(trial.route), ...questionOf(trial) },
        agent,
        limitMs: READ_LIMIT_MS,
        signal,
      });
      const verdict = faultVerdict(answer, expected.get(keyOf(trial))!, { limitMs: ANSWER_LIMIT_MS });
      results.push({ arm: name, fault: trial.faultCase.name, seed: trial.seed, verdict, answer });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await agent.destroy();
  return results;
}

/** A gateway of the comparison. */
export interface FaultArmSetUp {
  /** Its name in the table. */
  name: string;
  arm: GatewayArm;
  /** Routes for a voice: only ours has them. */
  holdUntilClause: boolean;
}

/** Asks every gateway each question once for each fault and seed. The primary always has the fault; the backup is healthy. */
export async function measureFaults(options: {
  arms: readonly FaultArmSetUp[];
  seeds: number;
  folder: string;
  onDone: (name: string) => void;
  onMissing: (name: string, reason: string) => void;
  signal: AbortSignal;
}): Promise<GatewayFaultTrial[]> {
  const { arms, seeds, folder, signal } = options;
  const expected = await expectedAnswers(trialsOf(seeds, false));
  const results: GatewayFaultTrial[] = [];
  for (const { name, arm, holdUntilClause } of arms) {
    const trials = trialsOf(seeds, holdUntilClause);
    const upstream = await startUpstream([emulatorsOf(trials)]);
    let gateway: RunningGateway | undefined;
    try {
      gateway = await arm.start({
        primaryUrl: upstream.baseUrl(),
        backupUrl: upstream.baseUrl(),
        routes: [WARM_UP, ...trials.map(({ route }) => route)],
        timeoutMs: PEER_TIMEOUT_MS,
        folder,
        signal,
      });
      results.push(...(await runTrials({ name, gateway, trials, expected, signal })));
      options.onDone(name);
    } catch (error) {
      signal.throwIfAborted();
      options.onMissing(name, (error as Error).message);
    } finally {
      await gateway?.close();
      upstream.close();
    }
  }
  return results;
}
