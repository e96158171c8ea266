import { distance } from 'fastest-levenshtein';

/** Up to three of `names` that are most similar to `wanted`, nearest first, for a "did you mean" message. */
export function similarNames(wanted: string, names: string[]): string[] {
  const short = (name: string) => name.toLowerCase().split('/').at(-1)!;
  return names
    .map((name) => ({ name, apart: distance(short(wanted), short(name)) / Math.max(wanted.length, 1) }))
    .sort((a, b) => a.apart - b.apart)
    .filter(({ apart }, rank) => rank === 0 || apart < 0.5)
    .slice(0, 3)
    .map(({ name }) => name);
}
