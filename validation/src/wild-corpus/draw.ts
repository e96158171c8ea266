import { type Random, standardNormal } from '@firstword/turn/statistics';

/** One latency, ms: log-normal, as measured latencies are. `spread` is the standard deviation of the logarithm. */
export function latencyMs(random: Random, medianMs: number, spread = 0.25): number {
  return medianMs * Math.exp(spread * standardNormal(random));
}

/** Uniform in `from` to `to`. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.uniform();
}

/** Whether an event of this probability happens. */
export function happens(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

/** Letters and digits, as in the identifiers of LiveKit. */
export function letters(random: Random, count: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  return Array.from({ length: count }, () => alphabet[random.integer(0, alphabet.length - 1)]).join('');
}

/** Lower-case hexadecimal digits. */
export function hexDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.integer(0, 15).toString(16)).join('');
}
