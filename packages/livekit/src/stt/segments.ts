/** A final transcript as LiveKit was given it, and as the engine wrote it. */
interface Segment {
  given: string;
  written: string;
  /** The engine has settled on other words than were given. */
  corrected?: boolean;
  /** How sure the engine is of its last words, 0 to 1, where it tells. */
  endConfidence?: number | undefined;
}

/** More segments than any turn has: what no turn claimed is forgotten. */
const MAX_SEGMENTS = 64;

const join = (segments: Segment[], text: (segment: Segment) => string) => segments.map(text).join(' ').trim();

/** Remembers how the engine wrote what LiveKit was given in other spelling. */
export class SegmentMemory {
  #segments: Segment[] = [];

  add(segment: Segment): void {
    this.#segments.push(segment);
    if (this.#segments.length > MAX_SEGMENTS) this.#segments.shift();
  }

  /** How sure the engine is of the last words of the newest segment given in this form, 0 to 1, where it tells. */
  endConfidence(given: string): number | undefined {
    return this.#newest(given)?.endConfidence;
  }

  /** The engine has written the newest segment given in this form otherwise. False where its turn has claimed it. */
  setWritten(given: string, now: { written: string; corrected?: boolean }): boolean {
    const segment = this.#newest(given);
    if (segment) Object.assign(segment, now);
    return segment !== undefined;
  }

  /**
   * The engine's own writing of a committed turn, whose text is that of some segments in a row; they and older ones are
   * then forgotten. `undefined` where there are none, as when the user's code has edited the text.
   */
  claim(committed: string): string | undefined {
    const found = this.#find(committed);
    return found && this.#take(found);
  }

  /** The words of a turn about to be committed, where the engine has changed them since; then it is claimed too. */
  correct(committed: string): string | undefined {
    const found = this.#find(committed);
    return found?.run.some((segment) => segment.corrected) ? this.#take(found) : undefined;
  }

  #newest(given: string): Segment | undefined {
    return this.#segments.findLast((segment) => segment.given === given);
  }

  #take({ run, to }: { run: Segment[]; to: number }): string {
    this.#segments = this.#segments.slice(to);
    return join(run, (segment) => segment.written);
  }

  #find(committed: string): { run: Segment[]; to: number } | undefined {
    for (let from = 0; from < this.#segments.length; from++) {
      for (let to = from + 1; to <= this.#segments.length; to++) {
        const run = this.#segments.slice(from, to);
        const given = join(run, (segment) => segment.given);
        if (given.length > committed.length) break;
        if (given === committed) return { run, to };
      }
    }
    return undefined;
  }
}
