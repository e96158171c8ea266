import type { BodyEncoding } from '../connection/encode.js';
import type { Wire } from '../wire/wire.js';

/** What makes one provider different from another. Adding one is a folder with one of these, and a line in the index. */
export interface Provider {
  /** Short and stable: `groq`. It names the provider in traces, records and errors. */
  readonly name: string;
  /** For people: `Groq`. */
  readonly label: string;
  readonly baseUrl: string;
  readonly wire: Wire;
  /** Environment variable that holds the key by custom. */
  readonly keyVariable?: string;
  /** False for servers of one's own, which as a rule have no key. */
  readonly needsKey?: boolean;
  /** Headers that carry the key, for a request sent at this wall time (Unix ms). */
  auth(apiKey: string, wallMs: number): Record<string, string>;
  /**
   * Sends requests with the same `prompt_cache_key` to the same cache: a model then gives all of its requests one of its
   * own. In a LiveKit agent, where each call has a process, that is one a session.
   */
  readonly promptCacheKey?: boolean;
  /** What its `service_tier` field may say; without any, it has no tiers. */
  readonly serviceTiers?: readonly string[];
  /** The header that carries the tier, where it is not a field of the body. */
  readonly serviceTierHeader?: string;
  /** How bodies may travel beside plain JSON; the first is used unless the user says otherwise. */
  readonly bodyEncodings?: readonly BodyEncoding[];
  /** Fields added to every request body unless the request sets them: what speech needs from this model. */
  defaults?(model: string): Record<string, unknown>;
}

export const bearer = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
