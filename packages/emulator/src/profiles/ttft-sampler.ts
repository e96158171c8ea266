import { wordsOf } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { EmulatedRequest } from '../chat/chat.js';
import type { Profile } from './profiles.js';
import { drawTtftMs } from './ttft.js';

/** Whether a request's TTFT depends on its position among the profile's requests or on its last user message. */
export type TtftSequence = 'per-request' | 'per-question';

/** Draws seeded TTFTs. Each profile has its own sequence, so requests to one do not change another's. */
export class TtftSampler {
  readonly #seed: number;
  readonly #sequence: TtftSequence;
  readonly #generators = new Map<string, Random>();

  constructor(options: { seed: number; sequence: TtftSequence }) {
    this.#seed = options.seed;
    this.#sequence = options.sequence;
  }

  /** The TTFT of the next request, ms. */
  next(profile: Profile, chat: EmulatedRequest): number {
    const question = this.#sequence === 'per-question' ? questionOf(chat) : '';
    const name = `${profile.name}\u0000${question}`;
    let random = this.#generators.get(name);
    if (!random) {
      const labels = this.#sequence === 'per-question' ? [question] : [];
      random = seededRandom(this.#seed, 'ttft', profile.name, ...labels);
      this.#generators.set(name, random);
    }
    return drawTtftMs(profile.ttft, random);
  }
}

/** The words of the last user message, without case and punctuation. */
function questionOf({ messages }: EmulatedRequest): string {
  const asked = messages.findLast(({ role }) => role === 'user');
  return asked ? wordsOf(asked.text).join(' ') : '';
}
