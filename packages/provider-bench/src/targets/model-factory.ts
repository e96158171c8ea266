import { bearer, type HttpModel, httpModel, openAiWire } from '@firstword/llm';
import type { Clock } from '@firstword/turn';
import type { BenchArm } from '../sample.js';
import { accessTo, type TargetAccess } from './access.js';
import { type BenchTarget, EMULATED } from './target.js';

/** An emulator that plays every emulated target. */
export interface EmulatorAddress {
  /** Base URL whose requests are played by this profile. */
  urlFor(profile: string): string;
  /** The certificate to trust, where it speaks TLS. */
  caPem?: string | undefined;
}

export interface ModelFactoryOptions {
  targets: readonly BenchTarget[];
  emulator?: EmulatorAddress | undefined;
  clock?: Clock;
  /** Longest wait for the first content, ms. */
  timeoutMs: number;
  env?: Record<string, string | undefined>;
}

/** How many connections a model holds on to. */
export interface ConnectionOptions {
  /** Kept open and idle. */
  keepWarm: number;
  /** Idle ones that the server closes are replaced this long after the last use, ms; 0: never. */
  keepWarmForMs?: number;
  /** Sends the requests of one arm to one cache, where the provider has keys for that. */
  cacheKey: string;
}

/** Opens models for arms: everything that differs between arms and is not in the prompt is set here. */
export class ModelFactory {
  readonly #options: ModelFactoryOptions;

  constructor(options: ModelFactoryOptions) {
    this.#options = options;
  }

  /** A model with connections of its own; the caller closes it. */
  create(arm: BenchArm, keeping: ConnectionOptions): HttpModel {
    const { clock, timeoutMs } = this.#options;
    const { provider, baseUrl, apiKey, keyVariable } = this.#accessTo(arm);
    const extra = {
      ...(provider.promptCacheKey ? { prompt_cache_key: keeping.cacheKey } : {}),
      ...(arm.effort === undefined ? {} : { reasoning_effort: arm.effort }),
    };
    return httpModel(provider, {
      model: arm.model,
      extra,
      keepWarm: keeping.keepWarm,
      timeouts: { headersMs: timeoutMs, firstContentMs: timeoutMs },
      ...(keeping.keepWarmForMs === undefined ? {} : { keepWarmForMs: keeping.keepWarmForMs }),
      ...(arm.bodyEncoding === undefined ? {} : { bodyEncoding: arm.bodyEncoding }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(keyVariable === undefined ? {} : { keyVariable }),
      ...(clock ? { clock } : {}),
      ...(arm.emulated && this.#options.emulator?.caPem ? { ca: this.#options.emulator.caPem } : {}),
    });
  }

  #accessTo(arm: BenchArm): TargetAccess {
    const { targets, emulator, env } = this.#options;
    if (!arm.emulated) return accessTo(targets.find(({ text }) => text === arm.target)!, env);
    const baseUrl = emulator!.urlFor(arm.model);
    return {
      provider: {
        name: EMULATED,
        label: EMULATED,
        baseUrl,
        wire: openAiWire,
        needsKey: false,
        auth: bearer,
        // Cerebras's manners are emulated too, and it takes both.
        bodyEncodings: ['json', 'gzip', 'msgpack'],
      },
      baseUrl,
    };
  }
}
