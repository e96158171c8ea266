/** Says which of an engine's confidences can be believed. */
export class ConfidenceFilter {
  #varies = false;

  /**
   * The confidence as far as it means something: engines that have none tell a constant 0 or 1. Until a value between
   * the two has been seen, nothing is believed.
   */
  apply(confidence: number | undefined): number | undefined {
    if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return undefined;
    if (confidence > 0 && confidence < 1) this.#varies = true;
    return this.#varies && confidence > 0 ? confidence : undefined;
  }
}
