import type { BodyEncoding } from '../connection/encode.js';
import type { Wire } from '../wire/wire.js';

/** The description of a provider. To add one, create a folder with one of these and add a line to the index. */
export interface Provider {
  /** Short and stable, such as `groq`. Identifies the provider in traces, records and errors. */
  readonly name: string;
  /** Display name, such as `Groq`. */
  readonly label: string;
  /** Default base URL. */
  readonly baseUrl: string;
  /** Its wire format. */
  readonly wire: Wire;
  /** Environment variable that usually holds the key. */
  readonly keyVariable?: string;
  /** False for self-hosted servers, which usually have no key; default true. */
  readonly needsKey?: boolean;
  /** Authentication headers for a request sent at this Unix time, ms. */
  auth(apiKey: string, wallMs: number): Record<string, string>;
  /**
   * The provider routes requests with the same `prompt_cache_key` to the same cache. Each model then uses one key for
   * all of its requests: one a session in a LiveKit agent, which runs each call in its own process. Default false.
   */
  readonly promptCacheKey?: boolean;
  /** Values of its `service_tier` field; empty if it has no tiers. */
  readonly serviceTiers?: readonly string[];
  /** Header for the service tier, if it is not a field of the body. */
  readonly serviceTierHeader?: string;
  /** Body encodings that it accepts besides plain JSON. The first is the default. */
  readonly bodyEncodings?: readonly BodyEncoding[];
  /**
   * Fields added to every request body unless the request sets them: settings that voice calls need from this model.
   */
  defaults?(model: string): Record<string, unknown>;
}

/** Authentication with an `Authorization: Bearer` header. */
export const bearer = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
