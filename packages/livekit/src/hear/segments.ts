/** A final transcript as LiveKit was given it, and as the engine wrote it. */
interface Segment {
  given: string;
  written: string;
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

  /**
   * The engine's own writing of a committed turn, whose text is that of some segments in a row; they and older ones are
   * then forgotten. `undefined` where there are none, as when the user's code has edited the text.
   */
  claim(committed: string): string | undefined {
    for (let from = 0; from < this.#segments.length; from++) {
      for (let to = from + 1; to <= this.#segments.length; to++) {
        const run = this.#segments.slice(from, to);
        const given = join(run, (segment) => segment.given);
        if (given.length > committed.length) break;
        if (given !== committed) continue;
        this.#segments = this.#segments.slice(to);
        return join(run, (segment) => segment.written);
      }
    }
    return undefined;
  }
}
