import { FirstwordError, systemClock } from '@firstword/turn';
import type { FaultPlan } from './faults/fault.js';
import type { EmulatorOptions, NetworkPlan } from './options.js';
import { ProfileBook } from './profiles/book.js';
import { DEFAULT_PROFILE, type Profile } from './profiles/profiles.js';
import { Answering } from './server/answering.js';
import { selfSignedCertificate } from './server/certificate.js';
import { Listener } from './server/listener.js';
import { route } from './server/routes.js';
import { type EmulatorStats, StatsCounter } from './stats.js';

/** A running emulator: LLM providers on a real socket, answering as a restaurant's receptionist. */
export interface Emulator {
  /** Base URL for OpenAI-compatible clients, ending in `/v1`. */
  readonly url: string;
  /** Where it listens: scheme, host and port, without a path. */
  readonly origin: string;
  readonly port: number;
  /** The certificate to trust when `tls` is on. */
  readonly caPem: string | undefined;
  /** The profile of requests whose model names none. */
  readonly profile: Profile;
  /** A base URL whose requests are played by this profile, whatever model they name. */
  urlFor(profile: string): string;
  /** Changes the default profile for requests from now on. @throws FirstwordError `bad_input` for an unknown name */
  setProfile(name: string): void;
  /**
   * Replaces the faults from the next request on; counts begin at one. `{ rules: [] }` ends them.
   * @throws FirstwordError `bad_input` for a rule that makes no sense, saying which
   */
  setFaults(plan: FaultPlan): void;
  stats(): EmulatorStats;
  /** Stops listening and breaks every connection. Idempotent. */
  close(): Promise<void>;
}

function notStarted(): FirstwordError {
  return new FirstwordError('aborted', 'The emulator was not started: its signal was aborted first.');
}

function checkOptions(options: EmulatorOptions): void {
  const pace = options.tokensPerSecond;
  if (pace !== undefined && !(pace > 0)) {
    throw new FirstwordError('bad_input', `tokensPerSecond must be more than 0; it is ${pace}.`);
  }
  if (options.signal?.aborted) {
    throw notStarted();
  }
}

/** TCP and TLS 1.3 take a round trip each before the first request leaves. */
const DEFAULT_COLD_ROUND_TRIPS = 2;

function coldCostMs(network: NetworkPlan | undefined): number {
  return network ? network.rttMs * (network.coldRoundTrips ?? DEFAULT_COLD_ROUND_TRIPS) : 0;
}

/**
 * Starts an emulator. Everything it plays is labelled emulated: header `x-firstword-emulated`, `system_fingerprint`,
 * and the model list, which names the source of every figure.
 * @throws FirstwordError `port_in_use`, `bad_input`, `aborted`
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const clock = options.clock ?? systemClock;
  const host = options.host ?? '127.0.0.1';
  const stats = new StatsCounter();
  const book = new ProfileBook(options.profiles);
  const defaultProfile = book.mustFind(options.profile ?? DEFAULT_PROFILE);
  const answering = new Answering({ options, book, defaultProfile, clock, stats });
  const created = Math.floor(clock.wallMs() / 1000);
  const certificate = options.tls ? await selfSignedCertificate(host) : undefined;
  const listener = new Listener({
    stats,
    clock,
    certificate,
    coldMs: coldCostMs(options.network),
    onRequest: (request, response) =>
      route({ request, response, answering, book, created, requireKey: options.requireKey }),
  });
  const port = await listener.listen({ host, port: options.port ?? 0 });
  const origin = `${certificate ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

  let closing: Promise<void> | undefined;
  const close = () => {
    options.signal?.removeEventListener('abort', close);
    closing ??= listener.close();
    return closing;
  };
  options.signal?.addEventListener('abort', close, { once: true });
  if (options.signal?.aborted) {
    await close();
    throw notStarted();
  }
  return {
    url: `${origin}/v1`,
    origin,
    port,
    get profile() {
      return answering.defaultProfile;
    },
    urlFor: (profile) => `${origin}/${book.mustFind(profile).name}/v1`,
    caPem: certificate?.certPem,
    setFaults: (plan) => answering.setFaults(plan),
    setProfile: (name) => {
      answering.defaultProfile = book.mustFind(name);
    },
    stats: () => stats.read(),
    close,
  };
}
