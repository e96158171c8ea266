import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds; close together where people notice a difference, and up to where a caller hangs up. */
const TTFT_BUCKETS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2, 3, 5, 8];
/** Seconds; from a hand-off of a fraction of a millisecond to a first clause that is held back. */
const ADDED_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
/** Seconds; whole answers. */
const DURATION_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

const ROUTE_MODEL = ['route', 'provider', 'model'] as const;
const MODEL = ['provider', 'model'] as const;

/** Name and help of a metric; `firstword_gateway_` is added to the name. */
type Definition<T extends string> = { name: string; help: string; labelNames?: readonly T[] };

const named = <T extends string>({ name, help, labelNames = [] }: Definition<T>, registers: Registry[]) => ({
  name: `firstword_gateway_${name}`,
  help,
  labelNames: [...labelNames],
  registers,
});

const defineAnswers = (registers: Registry[]) => {
  const counter = <T extends string>(definition: Definition<T>) => new Counter(named(definition, registers));
  const histogram = <T extends string>({ buckets, ...definition }: Definition<T> & { buckets: number[] }) =>
    new Histogram({ ...named(definition, registers), buckets });
  return {
    requests: counter({
      name: 'requests_total',
      help: 'Requests of clients by how they ended; cancelled: the client left. code: why one failed.',
      labelNames: ['route', 'dialect', 'outcome', 'code'],
    }),
    ttft: histogram({
      name: 'ttft_seconds',
      help: 'From the request of the client to the first text or tool call of the model that answered.',
      labelNames: ROUTE_MODEL,
      buckets: TTFT_BUCKETS,
    }),
    added: histogram({
      name: 'added_seconds',
      help: 'What the gateway adds to the time to first content of a stream: before the first request and after the first content.',
      labelNames: ['route'],
      buckets: ADDED_BUCKETS,
    }),
    duration: histogram({
      name: 'answer_seconds',
      help: 'From the request of the client to the end of the answer.',
      labelNames: ['route'],
      buckets: DURATION_BUCKETS,
    }),
  };
};

const defineRouting = (registers: Registry[]) => {
  const counter = <T extends string>(definition: Definition<T>) => new Counter(named(definition, registers));
  return {
    attempts: counter({
      name: 'attempts_total',
      help: 'Requests to models by why they were sent (primary, hedge, failover, replace) and how they ended (won, cancelled, failed).',
      labelNames: [...ROUTE_MODEL, 'reason', 'outcome'],
    }),
    attemptFailures: counter({
      name: 'attempt_failures_total',
      help: 'Requests to models that failed, by why.',
      labelNames: [...MODEL, 'code'],
    }),
    decisions: counter({
      name: 'decisions_total',
      help: 'Decisions of routers, such as "first-content deadline passed".',
      labelNames: ['route', 'decision'],
    }),
    tokens: counter({
      name: 'tokens_total',
      help: 'Tokens that providers report. cached is part of prompt, reasoning of completion; wasted: prompts of requests whose answers were not used, estimated.',
      labelNames: [...ROUTE_MODEL, 'type'],
    }),
    cost: counter({
      name: 'cost_dollars_total',
      help: 'Cost in US dollars, where the provider reports it.',
      labelNames: ROUTE_MODEL,
    }),
  };
};

const defineState = (registers: Registry[]) => {
  const gauge = <T extends string>(definition: Definition<T>) => new Gauge(named(definition, registers));
  return {
    active: gauge({ name: 'active_answers', help: 'Answers under way.' }),
    breaker: gauge({
      name: 'breaker',
      help: 'Circuit breaker of a model: 0 closed, 1 ready for a probe, 2 open.',
      labelNames: ROUTE_MODEL,
    }),
    rateLimited: gauge({
      name: 'rate_limited',
      help: '1 where a provider would probably refuse a request now for its rate limit.',
      labelNames: ROUTE_MODEL,
    }),
    headroom: gauge({
      name: 'headroom',
      help: 'Requests and tokens left, as a provider last reported.',
      labelNames: [...ROUTE_MODEL, 'unit'],
    }),
    learned: gauge({
      name: 'learned_times',
      help: 'Times to first content that a router knows of a model, its own and those of others.',
      labelNames: ROUTE_MODEL,
    }),
  };
};

/** Defines the metrics of a shared store. */
export const defineStore = (registry: Registry) => {
  const registers = [registry];
  return {
    storeConnected: new Gauge(
      named(
        { name: 'store_connected', help: '1 while the shared store can be read and written.' },
        registers,
      ),
    ),
    storeRecords: new Gauge(
      named(
        {
          name: 'store_records',
          help: 'Records since the start: written and received, refused by the store, dropped because too many waited; waiting: now.',
          labelNames: ['state'],
        },
        registers,
      ),
    ),
  };
};

/** The metrics of a shared store. */
export type StoreMetrics = ReturnType<typeof defineStore>;

/** Defines every metric of the gateway. */
export const defineMetrics = (registry: Registry) => ({
  ...defineAnswers([registry]),
  ...defineRouting([registry]),
  ...defineState([registry]),
});

/** Every metric of the gateway. */
export type MetricSet = ReturnType<typeof defineMetrics>;
