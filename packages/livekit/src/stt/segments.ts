/** A final transcript as it was emitted to LiveKit, and as the STT wrote it. */
interface Segment {
  given: string;
  written: string;
  /** The STT's final has other words than were emitted. */
  corrected?: boolean;
  /** The STT's confidence in the last words, 0 to 1, if reported. */
  endConfidence?: number | undefined;
}

/** More segments than any turn has. Older ones that no turn claimed are dropped. */
const MAX_SEGMENTS = 64;

const join = (segments: Segment[], text: (segment: Segment) => string) => segments.map(text).join(' ').trim();

/** Remembers the STT's spelling of segments that were emitted to LiveKit in another spelling. */
export class SegmentMemory {
  #segments: Segment[] = [];
  /** The turn that was claimed last. */
  #claimed: Segment | undefined;

  add(segment: Segment): void {
    this.#segments.push(segment);
    if (this.#segments.length > MAX_SEGMENTS) this.#segments.shift();
  }

  /** The STT's confidence in the last words of the newest segment emitted as `given`, 0 to 1, if reported. */
  endConfidence(given: string): number | undefined {
    return this.#newest(given)?.endConfidence;
  }

  /** Sets the STT's spelling of the newest segment emitted as `given`. Returns false if its turn has claimed it already. */
  setWritten(given: string, now: { written: string; corrected?: boolean }): boolean {
    const segment = this.#newest(given);
    if (segment) Object.assign(segment, now);
    return segment !== undefined;
  }

  /**
   * The STT's spelling of a committed turn, whose text is that of consecutive segments. Those and older segments are
   * dropped. `undefined` if no segments match, for example because the user's code has edited the text.
   */
  claim(committed: string): string | undefined {
    const found = this.#find(committed);
    return found && this.#take(found);
  }

  /** Claims a turn about to be committed if the STT has changed its words since, and returns them; else `undefined`. */
  correct(committed: string): string | undefined {
    const found = this.#find(committed);
    return found?.run.some((segment) => segment.corrected) ? this.#take(found) : undefined;
  }

  /** A committed turn goes on: its text, as it was emitted to LiveKit, is the beginning of the next one. */
  putBack(committed: string): void {
    if (this.#claimed?.given !== committed) return;
    this.#segments.unshift(this.#claimed);
    this.#claimed = undefined;
  }

  #newest(given: string): Segment | undefined {
    return this.#segments.findLast((segment) => segment.given === given);
  }

  #take({ run, to }: { run: Segment[]; to: number }): string {
    this.#segments = this.#segments.slice(to);
    const written = join(run, (segment) => segment.written);
    this.#claimed = { given: join(run, (segment) => segment.given), written };
    return written;
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
