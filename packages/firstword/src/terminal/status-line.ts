/** Progress line on stderr: rewritten in place on a terminal, one line per step otherwise. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = '';

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** Shows a new step; without a terminal it is written as a line of its own. */
  step(text: string): void {
    if (this.#stream.isTTY) this.live(text);
    else this.#stream.write(`${text}\n`);
  }

  /** Shows text that changes many times a second; without a terminal it is dropped. */
  live(text: string): void {
    if (!this.#stream.isTTY || text === this.#shown) return;
    const columns = this.#stream.columns ?? 80;
    this.#shown = text;
    this.#stream.write(`\r\x1b[2K${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}`);
  }

  /** Clears the line. Call it before printing anything else. */
  clear(): void {
    if (this.#stream.isTTY && this.#shown) this.#stream.write('\r\x1b[2K');
    this.#shown = '';
  }
}
