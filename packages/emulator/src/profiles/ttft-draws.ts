import { wordsOf } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { ChatRequest } from '../chat/chat.js';
import type { Profile } from './profiles.js';
import { drawTtftMs } from './ttft.js';

/** What a request's TTFT is drawn for: its place among the requests to its profile, or what it asks. */
export type TtftOrder = 'by request' | 'by question';

/** Seeded TTFTs; requests to one profile never shift another's. */
export class TtftDraws {
  readonly #seed: number;
  readonly #order: TtftOrder;
  readonly #sequences = new Map<string, Random>();

  constructor(options: { seed: number; order: TtftOrder }) {
    this.#seed = options.seed;
    this.#order = options.order;
  }

  /** The time to the next first content, ms. */
  next(profile: Profile, chat: ChatRequest): number {
    const question = this.#order === 'by question' ? questionOf(chat) : '';
    const name = `${profile.name}\u0000${question}`;
    let sequence = this.#sequences.get(name);
    if (!sequence) {
      const labels = this.#order === 'by question' ? [question] : [];
      sequence = seededRandom(this.#seed, 'ttft', profile.name, ...labels);
      this.#sequences.set(name, sequence);
    }
    return drawTtftMs(profile.ttft, sequence);
  }
}

/** The caller's last words, however they are written. */
function questionOf({ messages }: ChatRequest): string {
  const asked = messages.findLast(({ role }) => role === 'user');
  return asked ? wordsOf(asked.text).join(' ') : '';
}
