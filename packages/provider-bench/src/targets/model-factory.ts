import {
  accessToModel,
  bearer,
  EMULATED_PROVIDER,
  type HttpModel,
  httpModel,
  type ModelAccess,
  openAiWire,
} from '@firstword/llm';
import type { Clock } from '@firstword/turn';
import type { BenchArm } from '../sample.js';
import type { BenchTarget } from './target.js';

/** A running emulator that answers for the emulated targets. */
export interface EmulatorAddress {
  /** The base URL of a latency profile. */
  urlFor(profile: string): string;
  /** The CA certificate to trust (PEM), where the emulator uses TLS. */
  caPem?: string | undefined;
}

/** Options of `ModelFactory`. */
export interface ModelFactoryOptions {
  targets: readonly BenchTarget[];
  /** Answers for emulated targets; required where there are any. */
  emulator?: EmulatorAddress | undefined;
  clock?: Clock;
  /** Deadline of the headers and of the first content, ms. */
  timeoutMs: number;
  /** Environment with the API keys; default `process.env`. */
  env?: Record<string, string | undefined>;
}

/** The connections that a model keeps open. */
export interface ModelConnectionOptions {
  /** Number of idle connections to keep open. */
  keepWarm: number;
  /** For this long after the last use, idle connections closed by the server are replaced, ms; 0: never. */
  keepWarmForMs?: number;
  /** Prompt cache key, which routes the requests of one arm to the same cache where the provider supports it. */
  cacheKey: string;
}

/** Creates the HTTP models of arms, with every setting of an arm that is not part of the prompt. */
export class ModelFactory {
  readonly #options: ModelFactoryOptions;

  constructor(options: ModelFactoryOptions) {
    this.#options = options;
  }

  /** Creates a model with its own connections. The caller closes it. */
  create(arm: BenchArm, keeping: ModelConnectionOptions): HttpModel {
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
      // The emulator is on this machine.
      ...(arm.emulated ? { proxy: false as const } : {}),
      ...(arm.emulated && this.#options.emulator?.caPem ? { ca: this.#options.emulator.caPem } : {}),
    });
  }

  #accessTo(arm: BenchArm): ModelAccess {
    const { targets, emulator, env } = this.#options;
    if (!arm.emulated) return accessToModel(targets.find(({ text }) => text === arm.target)!, env);
    const baseUrl = emulator!.urlFor(arm.model);
    return {
      provider: {
        name: EMULATED_PROVIDER,
        label: EMULATED_PROVIDER,
        baseUrl,
        wire: openAiWire,
        needsKey: false,
        auth: bearer,
        // The emulator also plays Cerebras, which accepts both compressed encodings.
        bodyEncodings: ['json', 'gzip', 'msgpack'],
      },
      baseUrl,
    };
  }
}
