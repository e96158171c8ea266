import { Agent } from 'undici';
import { sampleProcess } from '../soak/process-sample.js';
import type { BenchRoute, GatewayArm, RunningGateway } from './arms/arm.js';
import { readAnswer } from './read-answer.js';
import { startUpstream } from './upstream/upstream.js';

const ROUTE: BenchRoute = { name: 'soak', primary: 'soak-a', backup: 'soak-b' };
const STREAMS = 20;
const READ_LIMIT_MS = 20_000;
/** A client that hangs up does so within this time after its request, ms: before, during and after the first content. */
const HANG_UP_WITHIN_MS = 60;
const FIRST_CONTENT_MS = 20;
const TOKENS_PER_SECOND = 1_000;
/** Open requests and sockets must be gone this long after the last request, ms. */
const SETTLE_MS = 2_000;

/** Memory and descriptors at one moment. */
export interface GatewaySoakSample {
  /** Answered requests so far. */
  answered: number;
  residentMb: number;
  descriptors: number;
}

/** The result of a soak. */
export interface GatewaySoak {
  answered: number;
  /** Requests of clients that did not hang up and got no whole answer. */
  lost: number;
  losses: string[];
  hungUp: number;
  reloads: number;
  samples: GatewaySoakSample[];
  /** Requests and connections that the provider still had open after the end. */
  leftOpen: { requests: number; connections: number };
  /** Descriptors of the gateway before the first request, and after the last one once clients have left. */
  descriptors: { before: number; after: number };
}

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

const profile = (name: string) => ({
  name,
  ttft: { p50Ms: FIRST_CONTENT_MS, p95Ms: FIRST_CONTENT_MS, maxMs: FIRST_CONTENT_MS },
  source: 'synthetic: the same delay for every request',
});

/** Asks until `requests` are answered, hangs up `abortsPerSecond` others, and reloads between. */
class Soak {
  readonly result: GatewaySoak = {
    answered: 0,
    lost: 0,
    losses: [],
    hungUp: 0,
    reloads: 0,
    samples: [],
    leftOpen: { requests: 0, connections: 0 },
    descriptors: { before: 0, after: 0 },
  };
  readonly #gateway: RunningGateway;
  readonly #agent = new Agent();
  readonly #signal: AbortSignal;
  #asked = 0;

  constructor(gateway: RunningGateway, signal: AbortSignal) {
    this.#gateway = gateway;
    this.#signal = signal;
    this.result.descriptors.before = sampleProcess(gateway.pid)?.descriptors ?? 0;
  }

  #ask(signal: AbortSignal) {
    this.#asked += 1;
    const messages = [{ role: 'user', content: `Call ${this.#asked}: at what time do you open?` }];
    return readAnswer({
      url: `${this.#gateway.baseUrl}/chat/completions`,
      headers: this.#gateway.headersFor(ROUTE),
      body: { ...this.#gateway.bodyFor(ROUTE), messages },
      agent: this.#agent,
      limitMs: READ_LIMIT_MS,
      signal,
    });
  }

  /** Asks until `requests` have been asked by all streams together. */
  async stream(requests: number, onAnswer: (answered: number) => Promise<void>): Promise<void> {
    const { result } = this;
    while (result.answered + result.lost < requests && !this.#signal.aborted) {
      const answer = await this.#ask(this.#signal);
      if (this.#signal.aborted) return;
      if (answer.finishReason === 'stop' && answer.sawDone && answer.text !== '') result.answered += 1;
      else {
        result.lost += 1;
        const loss = answer.error ?? JSON.stringify(answer).slice(0, 200);
        if (result.losses.length < 5) result.losses.push(loss);
      }
      await onAnswer(result.answered + result.lost);
    }
  }

  /** Clients that hang up, until `done` fires. */
  async hangUps(perSecond: number, done: AbortSignal): Promise<void> {
    const running = new Set<Promise<void>>();
    while (perSecond > 0 && !done.aborted) {
      const afterMs = (this.result.hungUp * 7) % HANG_UP_WITHIN_MS;
      const call = this.#ask(AbortSignal.timeout(afterMs)).then(() => {
        running.delete(call);
      });
      running.add(call);
      this.result.hungUp += 1;
      await sleep(1_000 / perSecond, done);
    }
    await Promise.all(running);
  }

  sample(): void {
    const sample = sampleProcess(this.#gateway.pid);
    if (!sample) throw new Error(`the gateway ended: ${this.#gateway.output().slice(-600)}`);
    const { residentMb, descriptors } = sample;
    this.result.samples.push({ answered: this.result.answered, residentMb, descriptors });
  }

  /** Starts a reload. A failure to write the config fails the soak. */
  async reload(): Promise<void> {
    this.result.reloads += 1;
    await this.#gateway.reload?.();
  }

  /** The clients leave; what the gateway still holds after that stays. */
  async leave(): Promise<void> {
    await this.#agent.destroy();
    await sleep(SETTLE_MS, this.#signal);
    this.result.descriptors.after = sampleProcess(this.#gateway.pid)?.descriptors ?? 0;
  }
}

/** Runs the soak on one gateway. @throws ServerUnavailable if it cannot be started */
export async function runGatewaySoak(options: {
  arm: GatewayArm;
  requests: number;
  reloads: number;
  abortsPerSecond: number;
  folder: string;
  progress: (answered: number) => void;
  signal: AbortSignal;
}): Promise<GatewaySoak> {
  const { arm, requests, reloads, abortsPerSecond, folder, signal } = options;
  const profiles = [profile(ROUTE.primary), profile(ROUTE.backup)];
  const upstream = await startUpstream([{ profiles, tokensPerSecond: TOKENS_PER_SECOND }]);
  let gateway: RunningGateway | undefined;
  try {
    const [primaryUrl, backupUrl] = [upstream.baseUrl(), upstream.baseUrl()];
    gateway = await arm.start({ primaryUrl, backupUrl, routes: [ROUTE], folder, signal });
    const soak = new Soak(gateway, signal);
    const done = new AbortController();
    const reloadEvery = Math.ceil(requests / (reloads + 1));
    const sampleEvery = Math.max(1, Math.floor(requests / 20));
    const onAnswer = async (count: number) => {
      if (count % sampleEvery === 0) soak.sample();
      if (reloads > 0 && count % reloadEvery === 0 && soak.result.reloads < reloads) await soak.reload();
      options.progress(count);
    };
    const hangUps = soak.hangUps(abortsPerSecond, AbortSignal.any([signal, done.signal]));
    await Promise.all(Array.from({ length: STREAMS }, () => soak.stream(requests, onAnswer)));
    done.abort();
    await hangUps;
    await soak.leave();
    const { concurrent, openConnections } = await upstream.stats();
    soak.result.leftOpen = { requests: concurrent, connections: openConnections };
    return soak.result;
  } finally {
    await gateway?.close();
    upstream.close();
  }
}
