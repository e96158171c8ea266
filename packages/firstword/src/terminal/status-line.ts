/** One line that tells what is going on now, rewritten in place on a terminal; where there is none, a line a change. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = '';

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** Something new to say, worth a line of a log as well. */
  step(text: string): void {
    if (this.#stream.isTTY) this.live(text);
    else this.#stream.write(`${text}\n`);
  }

  /** Something that changes many times a second: only for people watching. */
  live(text: string): void {
    if (!this.#stream.isTTY || text === this.#shown) return;
    const columns = this.#stream.columns ?? 80;
    this.#shown = text;
    this.#stream.write(`\r\x1b[2K${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}`);
  }

  /** Clears the line, so that something else can be printed. */
  clear(): void {
    if (this.#stream.isTTY && this.#shown) this.#stream.write('\r\x1b[2K');
    this.#shown = '';
  }
}
