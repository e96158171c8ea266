import { openAiCompatible, type RouterMemory, router, sharedMemory } from '@firstword/llm';
import { valkeyMemory } from '@firstword/llm/valkey';
import { startEmulatorProcess } from '@firstword/provider-bench';
import type { Valkey } from '../testbed/valkey.js';
import { ask } from './ask.js';
import type { Pair } from './compare.js';

/** Every answer begins after this time, so that a difference of a millisecond is seen, ms. */
const TTFT_MS = 100;
const TOKENS_PER_SECOND = 200;

/** What is done to the store before a phase. */
const PHASES: { name: string; act: (server: Valkey) => Promise<void> | void }[] = [
  { name: 'healthy', act: () => {} },
  { name: 'killed', act: (server) => server.kill() },
  { name: 'back', act: (server) => server.start() },
  { name: 'frozen', act: (server) => server.signal('SIGSTOP') },
  { name: 'thawed', act: (server) => server.signal('SIGCONT') },
  { name: 'filled', act: (server) => server.command('CONFIG', 'SET', 'maxmemory', '1') },
];

/** One phase: the arm with the store against one without. */
export interface StorePhase {
  name: string;
  pairs: Pair[];
  requests: number;
  failures: { withStore: string[]; without: string[] };
}

/**
 * Streams answers through a router with a store and one without, in turn, while the store is killed, frozen and filled.
 * @param options.streams answers under way at once
 * @param options.phaseMs length of each phase
 */
export async function measureStoreFaults(options: {
  server: Valkey;
  streams: number;
  phaseMs: number;
  onStatus: (line: string) => void;
}): Promise<StorePhase[]> {
  const { server, streams, phaseMs, onStatus } = options;
  const provider = await startEmulatorProcess({
    tokensPerSecond: TOKENS_PER_SECOND,
    profiles: [
      {
        name: 'steady',
        source: 'a fixed delay, for this bench',
        ttft: { p50Ms: TTFT_MS, p95Ms: TTFT_MS, maxMs: TTFT_MS },
      },
    ],
  });
  const routerWith = (memory: RouterMemory) =>
    router({
      models: ['one', 'two'].map((name) =>
        openAiCompatible({ provider: name, model: 'steady', baseUrl: provider.urlFor('steady') }),
      ),
      memory,
      holdUntilClause: false,
    });
  const memory = valkeyMemory({ url: server.url, onStatus });
  const arms = { withStore: routerWith(memory), without: routerWith(sharedMemory()) };
  try {
    await Promise.all([arms.withStore.warm(), arms.without.warm()]);
    await play('before', { arms, streams, untilMs: performance.now() + 2_000 });
    const phases: StorePhase[] = [];
    for (const { name, act } of PHASES) {
      const untilMs = performance.now() + phaseMs;
      // The streams are under way when it happens.
      const acting = new Promise((resolve) => setTimeout(resolve, 300)).then(() => act(server));
      phases.push(await play(name, { arms, streams, untilMs }));
      await acting;
    }
    return phases;
  } finally {
    await Promise.all([arms.withStore.close(), arms.without.close(), memory.close()]);
    provider.close();
  }
}

async function play(
  name: string,
  options: {
    arms: Record<'withStore' | 'without', ReturnType<typeof router>>;
    streams: number;
    untilMs: number;
  },
): Promise<StorePhase> {
  const { arms, streams, untilMs } = options;
  const phase: StorePhase = { name, pairs: [], requests: 0, failures: { withStore: [], without: [] } };
  const stream = async (at: number) => {
    for (let turn = 0; performance.now() < untilMs; turn += 1) {
      const question = `${name}, ${at}, ${turn}`;
      const order =
        (at + turn) % 2 === 0 ? (['withStore', 'without'] as const) : (['without', 'withStore'] as const);
      const times: Partial<Record<(typeof order)[number], number>> = {};
      for (const arm of order) {
        const { firstTextMs, failure } = await ask(arms[arm], question);
        if (firstTextMs !== undefined) times[arm] = firstTextMs;
        if (failure !== undefined) phase.failures[arm].push(failure);
        phase.requests += 1;
      }
      const { withStore, without } = times;
      if (withStore !== undefined && without !== undefined)
        phase.pairs.push({ question, ms: withStore, referenceMs: without });
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, at) => stream(at)));
  return phase;
}
