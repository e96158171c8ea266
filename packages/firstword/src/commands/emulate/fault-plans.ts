import { readFileSync } from 'node:fs';
import { didYouMean, FirstwordError } from '@firstword/turn';
import { z } from 'zod';

/** The fields of a fault kind, and the one field that the number of `KIND:NUMBER` sets. */
export interface FaultFields {
  sets?: string;
  fields: Record<string, z.ZodType>;
}

/** Reads faults from options and fault plans from files. `Rule` and `Plan` are the emulator's types. */
export interface FaultReader<Kind extends string, Rule, Plan> {
  kinds: readonly Kind[];
  /**
   * Parses `KIND`, `KIND:NUMBER`, `KIND@PROBABILITY` or `KIND:NUMBER@PROBABILITY`, such as `straggler:5000@0.01`.
   * @throws FirstwordError `bad_input` that lists the kinds
   */
  parse(text: string): Rule;
  /**
   * Reads a fault plan from a JSON file. The emulator's README describes the format.
   * @throws FirstwordError `bad_input` that names the invalid field
   */
  readPlan(path: string): Plan;
}

/** A reader of faults of these kinds. */
export function faultReader<Kind extends string, Rule, Plan extends { rules: readonly Rule[] }>(options: {
  /** The command's option for one fault, for messages. */
  option: string;
  kinds: Record<Kind, FaultFields>;
  /** The field of a rule that says where it applies, such as `profile`; none if it always does. */
  scope?: string;
}): FaultReader<Kind, Rule, Plan> {
  const kinds = Object.keys(options.kinds) as Kind[];
  const schema = planSchema(options.kinds, options.scope);
  const check = (value: unknown, from: string): Plan => {
    const result = schema.safeParse(value);
    if (result.success) return result.data as Plan;
    const { path, message } = result.error.issues[0]!;
    throw new FirstwordError('bad_input', `${from}: ${path.join('.') || 'the plan'}: ${message}`);
  };
  return {
    kinds,
    parse: (text) =>
      check({ rules: [ruleOf(text, options.kinds, kinds)] }, `${options.option} ${text}`).rules[0]!,
    readPlan: (path) => check(readJson(path), path),
  };
}

function planSchema(kinds: Record<string, FaultFields>, scope: string | undefined): z.ZodType {
  const fault = z.union(
    Object.entries(kinds).map(([kind, { fields }]) => z.strictObject({ kind: z.literal(kind), ...fields })),
  );
  return z.strictObject({
    rules: z.array(
      z.strictObject({
        fault,
        ...(scope === undefined ? {} : { [scope]: z.string().optional() }),
        nth: z.array(z.int().min(1)).optional(),
        every: z.int().min(1).optional(),
        from: z.int().min(1).optional(),
        until: z.int().min(1).optional(),
        probability: z.number().min(0).max(1).optional(),
      }),
    ),
    seed: z.int().optional(),
  });
}

function ruleOf(text: string, all: Record<string, FaultFields>, kinds: readonly string[]): object {
  const [, kind = '', number, chance] = /^([a-z-]+)(?::([\d.]+))?(?:@([\d.]+))?$/.exec(text) ?? [];
  const known = Object.hasOwn(all, kind) ? all[kind] : undefined;
  if (!known) {
    throw new FirstwordError(
      'bad_input',
      `"${text}" is not a fault.${didYouMean(/^[\w-]*/.exec(text)![0], kinds)} Write KIND[:NUMBER][@PROBABILITY], with KIND one of: ${kinds.join(', ')}.`,
    );
  }
  const { sets, fields } = known;
  if (number !== undefined && !sets) throw new FirstwordError('bad_input', `"${kind}" takes no number.`);
  if (number === undefined && sets && !fields[sets]!.safeParse(undefined).success) {
    throw new FirstwordError('bad_input', `"${kind}" needs a number, its ${sets}: ${kind}:NUMBER`);
  }
  const fault = { kind, ...(number === undefined ? {} : { [sets!]: Number(number) }) };
  return { fault, ...(chance === undefined ? {} : { probability: Number(chance) }) };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new FirstwordError('bad_input', `${path} ${why}: give a file with {"rules": [{"fault": {…}}]}.`, {
      cause,
    });
  }
}
