import { readFileSync } from 'node:fs';
import type { Fault, FaultPlan, FaultRule } from '@firstword/emulator';
import { didYouMean, FirstwordError } from '@firstword/turn';
import { z } from 'zod';

const ms = z.number().min(0);
const pieces = z.int().min(0);

/** The fields of every fault kind, and the one field that the number of `--fault KIND:NUMBER` sets. */
const KINDS: Record<Fault['kind'], { sets?: string; fields: Record<string, z.ZodType> }> = {
  straggler: { sets: 'delayMs', fields: { delayMs: ms } },
  slowdown: { sets: 'factor', fields: { factor: z.number().positive() } },
  'no-headers': { fields: {} },
  'hang-up': { fields: {} },
  'headers-then-comments': { sets: 'everyMs', fields: { everyMs: ms.optional() } },
  'role-then-nothing': { fields: {} },
  'empty-stream': { fields: {} },
  'empty-answer': { fields: {} },
  'error-frame': { fields: { message: z.string().optional() } },
  'http-error': {
    sets: 'status',
    fields: { status: z.int().min(400).max(599), message: z.string().optional() },
  },
  'rate-limited': { sets: 'retryAfterSeconds', fields: { retryAfterSeconds: z.number().min(0).optional() } },
  stall: { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  reset: { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  'cut-off': { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  garbage: { sets: 'afterPieces', fields: { afterPieces: pieces.optional(), bytes: pieces.optional() } },
  'long-line': { sets: 'bytes', fields: { bytes: z.int().min(1) } },
  'broken-tool-json': { fields: {} },
  'slow-drip': { sets: 'everyMs', fields: { bytes: z.int().min(1).optional(), everyMs: ms.optional() } },
  'html-page': { fields: {} },
};

/** All fault kinds. */
export const FAULT_KINDS = Object.keys(KINDS) as Fault['kind'][];

const faultSchema = z.union(
  FAULT_KINDS.map((kind) => z.strictObject({ kind: z.literal(kind), ...KINDS[kind].fields })),
) as unknown as z.ZodType<Fault>;

const planSchema = z.strictObject({
  rules: z.array(
    z.strictObject({
      fault: faultSchema,
      profile: z.string().optional(),
      nth: z.array(z.int().min(1)).optional(),
      every: z.int().min(1).optional(),
      from: z.int().min(1).optional(),
      until: z.int().min(1).optional(),
      probability: z.number().min(0).max(1).optional(),
    }),
  ),
  seed: z.int().optional(),
});

/**
 * Parses `KIND`, `KIND:NUMBER`, `KIND@PROBABILITY` or `KIND:NUMBER@PROBABILITY`, such as `straggler:5000@0.01`.
 * @throws FirstwordError `bad_input` that lists the kinds
 */
export function parseFault(text: string): FaultRule {
  const [, kind = '', number, chance] = /^([a-z-]+)(?::([\d.]+))?(?:@([\d.]+))?$/.exec(text) ?? [];
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind as Fault['kind']] : undefined;
  if (!known) {
    throw new FirstwordError(
      'bad_input',
      `"${text}" is not a fault.${didYouMean(/^[\w-]*/.exec(text)![0], FAULT_KINDS)} Write KIND[:NUMBER][@PROBABILITY], with KIND one of: ${FAULT_KINDS.join(', ')}.`,
    );
  }
  const { sets, fields } = known;
  if (number !== undefined && !sets) throw new FirstwordError('bad_input', `"${kind}" takes no number.`);
  if (number === undefined && sets && !fields[sets]!.safeParse(undefined).success) {
    throw new FirstwordError('bad_input', `"${kind}" needs a number, its ${sets}: ${kind}:NUMBER`);
  }
  const fault = { kind, ...(number === undefined ? {} : { [sets!]: Number(number) }) };
  const rule = { fault, ...(chance === undefined ? {} : { probability: Number(chance) }) };
  return check({ rules: [rule] }, `--fault ${text}`).rules[0]!;
}

/**
 * Reads a fault plan from a JSON file. The emulator's README describes the format.
 * @throws FirstwordError `bad_input` that names the invalid field
 */
export function readFaultPlan(path: string): FaultPlan {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new FirstwordError('bad_input', `${path} ${why}: give a file with {"rules": [{"fault": {…}}]}.`, {
      cause,
    });
  }
  return check(value, path);
}

function check(value: unknown, from: string): FaultPlan {
  const result = planSchema.safeParse(value);
  if (result.success) return result.data as FaultPlan;
  const { path, message } = result.error.issues[0]!;
  throw new FirstwordError('bad_input', `${from}: ${path.join('.') || 'the plan'}: ${message}`);
}
