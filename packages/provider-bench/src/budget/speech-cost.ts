import type { SpeechPrice } from '../run-file.js';

const MINUTE_MS = 60_000;

/**
 * The cost of a speech request, US dollars.
 * @param billed audio sent to an STT, ms, or characters given to a TTS
 */
export function speechCostUsd(price: SpeechPrice, billed: number): number {
  return 'perMinuteUsd' in price
    ? (price.perMinuteUsd * billed) / MINUTE_MS
    : (price.perMillionCharactersUsd * billed) / 1_000_000;
}
