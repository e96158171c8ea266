import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnose, examine, inputSummaryText, type RankedFinding } from '@firstword/doctor';
import { secretOf, type WildCall } from './call.js';
import { makeCase, type WildCase } from './cases.js';
import { truthsOf } from './truths.js';

/** What kind of answer a case wants. */
export type WantedAnswer = 'cause' | 'nothing' | 'no confident cause' | 'refusal by name';

/** How the doctor did on one case. */
export interface WildScore {
  name: string;
  cause: string;
  shape: string;
  wanted: WantedAnswer;
  isHeldOut: boolean;
  /** Findings as `rule level confidence %`, the first first. */
  found: string[];
  /** Whether it found turns or events at all. */
  isRead: boolean;
  /** What it said instead, where it did not read the input. */
  refusal?: string;
  /** For a format that cannot be read: it was named. */
  isRefusedByName: boolean;
  /** The first finding is one that is accepted. */
  isFirst: boolean;
  /** One of the first three is. */
  isInThree: boolean;
  /** Findings above `low` that are at least 50 % sure and neither accepted nor true. */
  wrong: string[];
  /** A finding above `low`. */
  isAlarm: boolean;
  /** A key or a caller's words are in the diagnosis. */
  isLeak: boolean;
}

const SURE = 0.5;
const FIRST_FEW = 3;

function wantedOf({ cause, shape }: WildCase): WantedAnswer {
  if (shape.refusal) return 'refusal by name';
  if (cause.isUndecidable) return 'no confident cause';
  return cause.id === 'healthy' ? 'nothing' : 'cause';
}

/** What the doctor made of a file. */
interface WildReading {
  findings: RankedFinding[];
  isRead: boolean;
  /** The diagnosis as JSON. */
  printed: string;
  refusal?: string;
}

/** Reads a file as the command line does. */
async function readingOf(path: string): Promise<WildReading> {
  try {
    const evidence = await examine([path]);
    if (evidence.turns.length === 0 && evidence.events.length === 0)
      return {
        findings: [],
        isRead: false,
        printed: '',
        refusal: inputSummaryText(evidence.input).join(' '),
      };
    const diagnosis = diagnose(evidence);
    return { findings: diagnosis.findings, isRead: true, printed: JSON.stringify(diagnosis) };
  } catch (error) {
    return { findings: [], isRead: false, printed: '', refusal: (error as Error).message };
  }
}

/** What must not be printed. */
const privateTexts = (calls: readonly WildCall[]): string[] =>
  calls.flatMap((call) => [
    secretOf(call),
    ...call.turns.flatMap(({ userText, answer }) => [userText, answer]),
  ]);

/** Writes a case to a folder of its own in `folder`. */
export async function writeWildCase(one: WildCase, folder: string): Promise<string> {
  const place = join(folder, one.name.replaceAll('/', '__'));
  const { file } = makeCase(one);
  await mkdir(place, { recursive: true });
  const path = join(place, file.name);
  await writeFile(path, file.text);
  return path;
}

/** Scores the doctor on one case, whose file is written to `folder`. */
export async function scoreWildCase(one: WildCase, folder: string): Promise<WildScore> {
  const path = await writeWildCase(one, folder);
  const { findings, isRead, printed, refusal } = await readingOf(path);
  const { cause, shape } = one;
  const { calls } = makeCase(one);
  const truths = truthsOf(calls);
  const isAccepted = ({ rule, kind }: RankedFinding) =>
    cause.accepted.includes(rule) || cause.accepted.includes(`kind:${kind}`);
  const isTrue = (found: RankedFinding) =>
    isAccepted(found) || cause.alsoTrue.includes(found.rule) || truths.has(found.rule);
  const wrong = findings.filter(
    (found) =>
      found.kind === 'cause' && found.level !== 'low' && found.confidence.value >= SURE && !isTrue(found),
  );
  return {
    name: one.name,
    cause: cause.id,
    shape: shape.id,
    wanted: wantedOf(one),
    isHeldOut: one.isHeldOut,
    found: findings.map(
      ({ rule, level, confidence }) => `${rule} ${level} ${Math.round(100 * confidence.value)} %`,
    ),
    isRead,
    ...(refusal === undefined ? {} : { refusal }),
    isRefusedByName: !isRead && (shape.refusal?.test(refusal ?? '') ?? false),
    isFirst: findings[0] !== undefined && isAccepted(findings[0]),
    isInThree: findings.slice(0, FIRST_FEW).some(isAccepted),
    wrong: wrong.map(({ rule }) => rule),
    isAlarm: findings.some(({ level }) => level !== 'low'),
    isLeak: privateTexts(calls).some((text) => printed.includes(text)),
  };
}
