import { type Clock, speculationHoldMs } from '@firstword/turn';

/** A held speculation is looked at this often, ms: what is known of the pause changes when the commit is due. */
const LOOK_AGAIN_MS = 32;
/** A pause is decided about within so many looks, or the caller still speaks. */
const UNDECIDED_LOOKS = 10;

/** Options of `SpeculationHold`. */
export interface SpeculationHoldOptions {
  clock: Clock;
  /** Whether something decides when the turn is committed; otherwise nothing is held. */
  decides(): boolean;
  /** Time until the commit if the caller stays silent after `words`, ms; `undefined` while they speak or it is not decided. */
  commitInMs(words: string): number | undefined;
  /** How long an answer takes until it can be heard, ms; `undefined` if not known yet. */
  answerMs(): number | undefined;
  isCallerSpeaking(): boolean;
}

/** Holds the later speculations of a turn until they are needed (`speculationHoldMs`). */
export class SpeculationHold {
  readonly #options: SpeculationHoldOptions;
  #startedInTurn = 0;
  #startedBeforeCommit = 0;
  #cancelHeld = () => {};

  constructor(options: SpeculationHoldOptions) {
    this.#options = options;
  }

  /** After how long to ask again whether a speculation on these words may start, ms; 0: it may now. */
  waitMs(words: string): number {
    const holdMs = this.#holdMs(words);
    return holdMs === undefined ? LOOK_AGAIN_MS : Math.min(holdMs, LOOK_AGAIN_MS);
  }

  /** LiveKit is about to start a speculation: starts it, now or later, unless the caller goes on or the turn is committed. */
  gate(words: string, start: () => void): void {
    this.drop();
    this.#consider(words, start, UNDECIDED_LOOKS);
  }

  /** A held speculation is not started any more. */
  drop(): void {
    this.#cancelHeld();
    this.#cancelHeld = () => {};
  }

  /** The turn was committed. */
  onCommit(): void {
    this.drop();
    this.#startedBeforeCommit = this.#startedInTurn;
    this.#startedInTurn = 0;
  }

  /** The committed turn goes on. */
  onReopened(): void {
    this.#startedInTurn += this.#startedBeforeCommit;
    this.#startedBeforeCommit = 0;
  }

  /** @param undecidedLooks how often to look again while nothing is decided about the pause */
  #consider(words: string, start: () => void, undecidedLooks: number): void {
    const holdMs = this.#holdMs(words);
    const isUndecided = holdMs === undefined;
    // In silence without a decision the commit follows.
    if (holdMs === 0 || (isUndecided && !this.#options.isCallerSpeaking())) {
      this.#startedInTurn += 1;
      start();
      return;
    }
    if (isUndecided && undecidedLooks === 0) return;
    // Once a pause was decided about, it is over where it is not any more.
    const looksLeft = isUndecided ? undecidedLooks - 1 : 0;
    const look = () => this.#consider(words, start, looksLeft);
    this.#cancelHeld = this.#options.clock.schedule(this.waitMs(words), look);
  }

  #holdMs(words: string): number | undefined {
    const { decides, commitInMs, answerMs } = this.#options;
    const neededMs = answerMs();
    if (neededMs === undefined || !decides()) return 0;
    return speculationHoldMs({
      startedInTurn: this.#startedInTurn,
      commitInMs: commitInMs(words),
      answerMs: neededMs,
    });
  }
}
