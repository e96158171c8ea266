import type { IncomingMessage, ServerResponse } from 'node:http';
import { FirstwordError, systemClock } from '@firstword/turn';
import type { FaultPlan } from './faults/fault.js';
import type { EmulatorOptions, NetworkConditions } from './options.js';
import { DEFAULT_PROFILE, type Profile } from './profiles/profiles.js';
import { ProfileRegistry } from './profiles/registry.js';
import { selfSignedCertificate } from './server/certificate.js';
import { ChatHandler } from './server/chat-handler.js';
import { Listener, type UpgradeHandler } from './server/listener.js';
import { route } from './server/routes.js';
import { type EmulatorStats, StatsCounter } from './stats.js';

/** A running emulator: an HTTP server that answers like an LLM provider, with the replies of a restaurant's receptionist. */
export interface Emulator {
  /** Base URL for OpenAI-compatible clients, ending in `/v1`. */
  readonly url: string;
  /** The server's origin: scheme, host and port, without a path. */
  readonly origin: string;
  /** The port it listens on. */
  readonly port: number;
  /** The PEM certificate that clients must trust; `undefined` without `tls`. */
  readonly caPem: string | undefined;
  /** The profile used when neither the URL nor the model names one. */
  readonly profile: Profile;
  /**
   * A base URL whose requests all use this profile, whatever model they name.
   * @throws FirstwordError `bad_input` for an unknown name
   */
  urlFor(profile: string): string;
  /** Changes the default profile for later requests. @throws FirstwordError `bad_input` for an unknown name */
  setProfile(name: string): void;
  /**
   * Replaces the fault plan from the next request on and restarts its request counts at 1. `{ rules: [] }` removes all
   * faults.
   * @throws FirstwordError `bad_input` for an invalid rule; the message gives its number
   */
  setFaults(plan: FaultPlan): void;
  /** A snapshot of the request and connection counts since the start. */
  stats(): EmulatorStats;
  /** Stops listening and destroys every open connection. Safe to call more than once. */
  close(): Promise<void>;
}

function notStarted(): FirstwordError {
  return new FirstwordError('aborted', 'The emulator did not start: its signal was already aborted.');
}

function checkOptions(options: EmulatorOptions): void {
  const { tokensPerSecond } = options;
  if (tokensPerSecond !== undefined && !(tokensPerSecond > 0)) {
    throw new FirstwordError('bad_input', `tokensPerSecond must be greater than 0; got ${tokensPerSecond}.`);
  }
  if (options.signal?.aborted) {
    throw notStarted();
  }
}

/** TCP and TLS 1.3 take one round trip each before the first request can be sent. */
const DEFAULT_HANDSHAKE_ROUND_TRIPS = 2;

function handshakeDelayMs(network: NetworkConditions | undefined): number {
  return network ? network.rttMs * (network.handshakeRoundTrips ?? DEFAULT_HANDSHAKE_ROUND_TRIPS) : 0;
}

/**
 * Starts an emulator. Every response is labelled as emulated: by the header `x-firstword-emulated`, by
 * `system_fingerprint`, and in the model list, which gives the source of every figure.
 * @throws FirstwordError `port_in_use`, `bad_input` (invalid option, host or profile), `aborted`
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return startServer(options);
}

/** Answers HTTP requests that are not the LLM's; false for those that are. */
export type OtherRequests = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * As `startEmulator`, with handlers of WebSockets and of HTTP requests that are not the LLM's.
 * @throws FirstwordError as `startEmulator`
 */
export async function startServer(
  options: EmulatorOptions,
  onUpgrade?: UpgradeHandler,
  onOtherRequest?: OtherRequests,
): Promise<Emulator> {
  checkOptions(options);
  const clock = options.clock ?? systemClock;
  const host = options.host ?? '127.0.0.1';
  const stats = new StatsCounter();
  const profiles = new ProfileRegistry(options.profiles);
  const defaultProfile = profiles.get(options.profile ?? DEFAULT_PROFILE);
  const chat = new ChatHandler({ options, profiles, defaultProfile, clock, stats });
  const created = Math.floor(clock.wallMs() / 1000);
  const certificate = options.tls ? await selfSignedCertificate(host) : undefined;
  const listener = new Listener({
    stats,
    clock,
    certificate,
    onUpgrade,
    handshakeMs: handshakeDelayMs(options.network),
    onRequest: (request, response) => {
      if (onOtherRequest?.(request, response)) return;
      route({ request, response, chat, profiles, created, requireKey: options.requireKey });
    },
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
      return chat.defaultProfile;
    },
    urlFor: (profile) => `${origin}/${profiles.get(profile).name}/v1`,
    caPem: certificate?.certPem,
    setFaults: (plan) => chat.setFaults(plan),
    setProfile: (name) => {
      chat.defaultProfile = profiles.get(name);
    },
    stats: () => stats.snapshot(),
    close,
  };
}
