import { connect } from 'node:net';
import { Agent } from 'undici';
import type { BenchRoute, GatewayArm, RunningGateway } from './arms/arm.js';
import { readAnswer, type StreamedAnswer } from './read-answer.js';
import { startTcpBalancer } from './tcp-balancer.js';
import { startUpstream } from './upstream/upstream.js';

const ROUTE: BenchRoute = { name: 'failover', primary: 'long-a', backup: 'long-b' };
const OPEN_STREAMS = 40;
const LATER_REQUESTS = 40;
const LIMIT_MS = 20_000;
/** The answers take some seconds, so that all streams are open when one gateway is killed. */
const TOKENS_PER_SECOND = 10;
/** Retries of the SDKs of OpenAI and Anthropic by default, for what failed before the first content. */
const SDK_RETRIES = 2;
const RETRY_MS = 1_000;
/** A killed process is gone when its port refuses connections. */
const GONE_WITHIN_MS = 10_000;

/** What happened when one of two gateways behind a plain balancer was killed. */
export interface GatewayFailover {
  /** How the gateway was ended. */
  how: 'SIGKILL' | 'SIGTERM';
  /** Streams on the gateway that stayed. */
  stayed: { streams: number; whole: number };
  /** Streams on the gateway that was ended: whole, ended with an error that a client sees, or ended as if complete. */
  ended: { streams: number; whole: number; toldBroken: number; silent: number };
  /** Requests that were sent after it, and how many of them were sent again as the SDKs do. */
  later: { requests: number; whole: number; repeated: number };
  /** The different errors that clients saw. */
  errors: string[];
}

const isWhole = ({ finishReason, sawDone, error }: StreamedAnswer) =>
  finishReason === 'stop' && sawDone && error === undefined;

function profile(name: string) {
  return { name, ttft: { p50Ms: 100, p95Ms: 100, maxMs: 100 }, source: 'synthetic' };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each stream has a connection of its own, so that the balancer decides where it goes. */
async function oneAnswer(options: {
  port: number;
  gateway: RunningGateway;
  question: string;
  onFirstContent?: () => void;
}): Promise<StreamedAnswer> {
  const { port, gateway, question, onFirstContent } = options;
  const agent = new Agent();
  try {
    return await readAnswer({
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: gateway.headersFor(ROUTE),
      body: { ...gateway.bodyFor(ROUTE), messages: [{ role: 'user', content: question }] },
      agent,
      limitMs: LIMIT_MS,
      ...(onFirstContent && { onFirstContent }),
    });
  } finally {
    await agent.destroy();
  }
}

/** Repeats what failed before its first content, as the SDKs do. */
async function answerOfSdk(options: Parameters<typeof oneAnswer>[0]): Promise<[StreamedAnswer, number]> {
  for (let retries = 0; ; retries += 1) {
    const answer = await oneAnswer(options);
    const mayRepeat = answer.error !== undefined && answer.firstContentMs === undefined;
    if (!mayRepeat || retries === SDK_RETRIES) return [answer, retries];
    await sleep(RETRY_MS);
  }
}

const refuses = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (isRefused: boolean) => {
      socket.destroy();
      resolve(isRefused);
    };
    socket.once('connect', () => settle(false)).once('error', () => settle(true));
  });

async function untilGone(port: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS;
  while (performance.now() < until && !(await refuses(port))) await sleep(20);
}

/**
 * Opens streams through a balancer on two gateways, ends one of them, and asks again.
 * @throws ServerUnavailable if the gateways cannot be started
 */
export async function runFailover(options: {
  arm: GatewayArm;
  how: GatewayFailover['how'];
  folder: string;
  signal: AbortSignal;
}): Promise<GatewayFailover> {
  const { arm, how, folder, signal } = options;
  const profiles = [profile(ROUTE.primary), profile(ROUTE.backup)];
  const upstream = await startUpstream([{ profiles, tokensPerSecond: TOKENS_PER_SECOND }]);
  const gateways: RunningGateway[] = [];
  const [primaryUrl, backupUrl] = [upstream.baseUrl(), upstream.baseUrl()];
  try {
    for (let at = 0; at < 2; at += 1)
      gateways.push(await arm.start({ primaryUrl, backupUrl, routes: [ROUTE], folder, signal }));
    const ports = gateways.map(({ baseUrl }) => Number(new URL(baseUrl).port));
    const balancer = await startTcpBalancer(ports);
    const gateway = gateways[0]!;
    try {
      const { port } = balancer;
      // One at a time, so that the balancer hands them out in turn: even to the first gateway, odd to the second.
      const streams: Promise<StreamedAnswer>[] = [];
      const started: Promise<void>[] = [];
      for (let at = 0; at < OPEN_STREAMS; at += 1) {
        const question = `Call ${at}: at what time do you open, and where are you?`;
        started.push(
          new Promise((resolve) => {
            streams.push(oneAnswer({ port, gateway, question, onFirstContent: resolve }).finally(resolve));
          }),
        );
        while (balancer.handedOut[0]! + balancer.handedOut[1]! <= at) await sleep(1);
      }
      await Promise.all(started);
      gateways[1]!.signal(how);
      if (how === 'SIGKILL') await untilGone(ports[1]!);
      else await sleep(RETRY_MS);
      const later = Array.from({ length: LATER_REQUESTS }, (_, at) =>
        answerOfSdk({ port, gateway, question: `Later call ${at}: hello?` }),
      );
      return summary(how, await Promise.all(streams), await Promise.all(later));
    } finally {
      await balancer.close();
    }
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    upstream.close();
  }
}

function summary(
  how: GatewayFailover['how'],
  streams: StreamedAnswer[],
  later: [StreamedAnswer, number][],
): GatewayFailover {
  const on = (which: number) => streams.filter((_, at) => at % 2 === which);
  const [stayed, ended] = [on(0), on(1)];
  const whole = ended.filter(isWhole).length;
  const toldBroken = ended.filter(({ error }) => error !== undefined).length;
  return {
    how,
    stayed: { streams: stayed.length, whole: stayed.filter(isWhole).length },
    ended: { streams: ended.length, whole, toldBroken, silent: ended.length - whole - toldBroken },
    later: {
      requests: later.length,
      whole: later.filter(([answer]) => isWhole(answer)).length,
      repeated: later.filter(([, retries]) => retries > 0).length,
    },
    errors: [
      ...new Set([...streams, ...later.map(([answer]) => answer)].flatMap(({ error }) => error ?? [])),
    ],
  };
}
