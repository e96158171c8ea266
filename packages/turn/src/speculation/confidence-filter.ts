/** Drops confidence values that carry no information. */
export class ConfidenceFilter {
  #varies = false;

  /**
   * The confidence, or `undefined` if it carries no information. Engines without a confidence report a constant 0 or 1,
   * so every value is dropped until one between the two has been seen. 0 is always dropped.
   */
  apply(confidence: number | undefined): number | undefined {
    if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return undefined;
    if (confidence > 0 && confidence < 1) this.#varies = true;
    return this.#varies && confidence > 0 ? confidence : undefined;
  }
}
