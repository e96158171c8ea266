const FILLERS = new Set(
  "um uh er erm well so yes yeah sure ok okay please it's its it is this the name my name's put under for of a i'm i am can be you make that".split(
    ' ',
  ),
);

const INTRODUCED =
  /\b(?:my name is|my name's|name is|name's|under the name of|under the name|under) ([\p{L}' ]+)$/u;

function capitalise(words: string[]): string | undefined {
  const name = words
    .slice(0, 3)
    .map((word) => word.replace(/(?:^|')\p{L}/gu, (letter) => letter.toUpperCase()))
    .join(' ');
  return name === '' ? undefined : name;
}

/** The name for a booking. `isExpected`: the caller was just asked for it. */
export function findName(text: string, isExpected: boolean): string | undefined {
  const introduced = INTRODUCED.exec(text)?.[1];
  const source = introduced ?? (isExpected ? text : '');
  if (/\d/.test(source)) return undefined;
  const words = source.split(' ').filter((word) => word !== '' && !FILLERS.has(word));
  if (words.length > 4) return undefined;
  return capitalise(words.filter((word) => word !== 'thanks' && word !== 'thank'));
}
