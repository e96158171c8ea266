import { z } from 'zod';
import { badStream } from './bad-stream.js';

// What describes an answer (usage, times, ids) is left out if it has another type than documented; the answer is still
// good. What is the answer (text, tool calls) is not: a wrong type is an error, because the caller would hear it or miss it.

/** A text that only describes the answer. */
export const detailText = z.string().nullish().catch(undefined);
/** A number of tokens, or an index: a whole number from 0. */
export const detailCount = z.int().min(0).nullish().catch(undefined);
/** A time or a price, from 0. */
export const detailAmount = z.number().min(0).nullish().catch(undefined);
/** A group of fields that only describe the answer. */
export const details = <S extends z.ZodRawShape>(shape: S) => z.object(shape).nullish().catch(undefined);

function reasonText(value: unknown, numbered: Record<number, string>): string | undefined {
  if (!value) return undefined;
  return typeof value === 'string' ? value : (numbered[Number(value)] ?? 'unknown');
}

/** Why the model stopped, if it did; `numbered` names the reasons that come as a number. Any other value still ends the answer. */
export const finishReasonOf = (numbered: Record<number, string>) =>
  z
    .unknown()
    .transform((value) => reasonText(value, numbered))
    .optional();

/** Why the model stopped, if it did. A reason that is not a text still ends the answer. */
export const finishReason = finishReasonOf({});

/**
 * The value, checked against the schema. Fields that the schema does not know are dropped.
 * @throws FirstwordError `bad_stream` that names the field
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown, provider: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  throw badStream(provider, `${path === '' ? 'an event' : `its field ${path}`} has an unknown type`);
}

/** The value of a JSON text; `undefined` if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the value is a JSON object. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value as JSON.
 * @throws FirstwordError `bad_stream` if it is nested too deeply
 */
export function jsonText(value: unknown, provider: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw badStream(provider, 'a value is nested too deeply', { cause });
  }
}
