/**
 * Finds the end of a JSON object that arrives in pieces, in one pass: parsing the text after every piece would take time
 * that grows with the square of its length. Whether the text is valid JSON is for the parser to tell.
 */
export class ObjectEnd {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** The object has ended; only white space can follow. */
  reached = false;

  /** Reads the next piece. */
  read(text: string): void {
    for (const character of text) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isInString) this.#readInString(character);
      else if (character === '"') this.#isInString = true;
      else if (character === '{') this.#depth += 1;
      else if (character === '}') this.#close();
    }
  }

  #readInString(character: string): void {
    if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isInString = false;
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#depth === 0) this.reached = true;
  }
}
