import { oneOf, type Random } from '@firstword/turn/statistics';

const below = (limit: number, random: Random) => Math.floor(random.uniform() * limit);

/** Values that a field of the wire does not usually have, as JSON. */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '0.5',
  '1e300',
  '1e999',
  '9007199254740992',
  '""',
  '"odd"',
  '"0"',
  '"{\\"a\\":1}"',
  '"[DONE]"',
  '"constructor"',
  '"\\u0000\\ud800"',
  '[]',
  '[null]',
  '["a",1]',
  '[{"type":"text","text":"part"}]',
  '{}',
  '{"a":1}',
  '{"type":"text","text":{"a":1}}',
  '{"__proto__":{"a":1},"constructor":1}',
];

/** Long ones, and deeper ones than a recursive reader can follow. Each takes as long as twenty others. */
const LARGE_VALUES: readonly string[] = [
  `"${'x'.repeat(20_000)}"`,
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
];

const oddValue = (random: Random) => oneOf(random.uniform() < 0.02 ? LARGE_VALUES : ODD_VALUES, random);

/** Bytes that mean something to a reader of events or JSON. */
const TOKENS = [
  '\n\n',
  '\r',
  '\n',
  'data: ',
  'data: [DONE]\n\n',
  'data:{}\n\n',
  'event: error\n',
  ': ping\n\n',
  'id: 1\n',
  'retry: 1\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ':',
  ',',
  'null',
  '-',
  '1e999',
  '\ufeff',
  'é',
  '<html>',
].map((text) => Buffer.from(text));

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

function range(bytes: Buffer, random: Random): [number, number] {
  const from = below(bytes.length + 1, random);
  return [from, Math.min(bytes.length, from + below(oneOf([4, 60, 1_000], random), random))];
}

function flipByte(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[below(copy.length, random)] = below(256, random);
  return copy;
}

function remove(bytes: Buffer, random: Random): Buffer {
  const [from, to] = range(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function repeat(bytes: Buffer, random: Random): Buffer {
  const [from, to] = range(bytes, random);
  const copies = Array.from({ length: 1 + below(oneOf([2, 2, 20], random), random) }, () =>
    bytes.subarray(from, to),
  );
  return Buffer.concat([bytes.subarray(0, to), ...copies, bytes.subarray(to)]);
}

function insertToken(bytes: Buffer, random: Random): Buffer {
  const at = below(bytes.length + 1, random);
  return Buffer.concat([bytes.subarray(0, at), oneOf(TOKENS, random), bytes.subarray(at)]);
}

const cutEnd: Mutation = (bytes, random) => bytes.subarray(0, below(bytes.length + 1, random));

const crossOver: Mutation = (bytes, random, other) =>
  Buffer.concat([cutEnd(bytes, random, other), other.subarray(below(other.length + 1, random))]);

const lineEnds: Mutation = (bytes, random) =>
  Buffer.from(bytes.toString('utf8').replaceAll('\n', oneOf(['\r', '\r\n'], random)));

/** Changes the list of events: one moves, is lost, or comes several times. */
function events(bytes: Buffer, random: Random): Buffer {
  const all = bytes.toString('utf8').split('\n\n');
  const [taken] = all.splice(below(all.length, random), 1);
  for (let copies = below(4, random); copies > 0; copies -= 1)
    all.splice(below(all.length + 1, random), 0, taken!);
  return Buffer.from(all.join('\n\n'));
}

/** All places in a JSON value where another value can be put. */
function places(value: unknown, found: [Record<string, unknown>, string][] = []) {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push([holder, key]);
    places(holder[key], found);
  }
  return found;
}

/** Stands for an odd value until the JSON is written: some of them cannot be written from a value. */
const ODD = 'an odd value';

/** Gives one field of one event another value, another name, or removes it. */
function changeField(bytes: Buffer, random: Random): Buffer {
  const all = bytes.toString('utf8').split('\n\n');
  const at = below(all.length, random);
  // An event that has a long or a deep value already cannot be walked.
  const match = all[at]!.length < 15_000 ? /^([\s\S]*?data: ?)(\{.*\})$/.exec(all[at]!) : undefined;
  if (!match) return bytes;
  let json: unknown;
  try {
    json = JSON.parse(match[2]!);
  } catch {
    return bytes;
  }
  const found = places(json);
  if (found.length === 0) return bytes;
  const [holder, key] = oneOf(found, random);
  const kind = below(4, random);
  if (kind === 0) delete holder[key];
  else if (kind === 1) holder[`${key}_`] = holder[key];
  else holder[key] = ODD;
  // A function, because a replacement text could contain "$".
  all[at] = `${match[1]}${JSON.stringify(json).replace(`"${ODD}"`, () => oddValue(random))}`;
  return Buffer.from(all.join('\n\n'));
}

const MUTATIONS: readonly Mutation[] = [
  flipByte,
  remove,
  repeat,
  insertToken,
  cutEnd,
  crossOver,
  lineEnds,
  events,
  events,
  changeField,
  changeField,
  changeField,
  changeField,
];

/** Longest result, bytes. Repeated repetitions would otherwise make a few inputs take all the time. */
const MAX_LENGTH = 200_000;

/** The bytes after none to five changes; `other` is another stream, for mixtures. */
export function mutateStream(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let changes = below(6, random); changes > 0; changes -= 1)
    result = oneOf(MUTATIONS, random)(result, random, other).subarray(0, MAX_LENGTH);
  return result;
}

/** The bytes in pieces, split at random places: often none, rarely after every byte. */
export function splitRandomly(bytes: Buffer, random: Random): Buffer[] {
  const longest = oneOf(
    [
      random.uniform() < 0.2 ? 1 : 10,
      40,
      300,
      2_000,
      2_000,
      ...Array<number>(3).fill(Number.POSITIVE_INFINITY),
    ],
    random,
  );
  if (longest > bytes.length) return [bytes];
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + below(longest, random);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
