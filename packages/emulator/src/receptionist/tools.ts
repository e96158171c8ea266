import type { JsonSchema, OfferedTool } from '../chat/chat.js';
import type { Booking } from './booking.js';
import { clockTime, isoDate } from './nlu/date-time.js';

/** Whether a tool reads or writes bookings, by its name. */
export function isBookingTool(tool: OfferedTool): boolean {
  return /book|reserv|avail|table|appointment/i.test(tool.name);
}

/** The tool that makes a booking; a tool that books is preferred to one that only checks availability. */
export function bookingTool(tools: readonly OfferedTool[]): OfferedTool | undefined {
  const candidates = tools.filter(
    (tool) => isBookingTool(tool) && !/cancel|delete|list|get_/i.test(tool.name),
  );
  return candidates.find((tool) => /book|reserv|create|make/i.test(tool.name)) ?? candidates[0];
}

/** The words of a tool's name without verbs: `weather` for `get_weather`. */
function subjectWords(tool: OfferedTool): string[] {
  const verbs = new Set(
    'get set check find search lookup look up create make list fetch query call the a for of in'.split(' '),
  );
  return tool.name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2 && !verbs.has(word));
}

/** The tools, other than booking tools, whose subject the utterance mentions. */
export function mentionedTools(tools: readonly OfferedTool[], utterance: string): OfferedTool[] {
  const spoken = new Set(utterance.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return tools.filter((tool) => !isBookingTool(tool) && subjectWords(tool).some((word) => spoken.has(word)));
}

/** Whether a tool requires the customer's name. */
export function requiresName(tool: OfferedTool): boolean {
  return (tool.parameters.required ?? []).some((property) => slotOf(property) === 'name');
}

type ToolSlot = 'dateTime' | 'date' | 'time' | 'party' | 'name';

function slotOf(property: string): ToolSlot | undefined {
  const name = property.toLowerCase();
  if (/date_?time|start/.test(name)) return 'dateTime';
  if (/date|day|when/.test(name)) return 'date';
  if (/time|hour/.test(name)) return 'time';
  if (/party|guest|people|size|cover|seats|count/.test(name)) return 'party';
  if (/name|customer|under/.test(name)) return 'name';
  return undefined;
}

/** What tool arguments are filled from. */
export interface ArgumentContext {
  booking: Booking;
  today: string;
  utterance: string;
}

function slotValue(
  slot: ToolSlot | undefined,
  { booking, today }: ArgumentContext,
): string | number | undefined {
  const date = booking.day && isoDate(booking.day, today);
  const time = booking.timeMinutes === undefined ? undefined : clockTime(booking.timeMinutes);
  if (slot === 'date') return date;
  if (slot === 'time') return time;
  if (slot === 'dateTime') return date && time && `${date}T${time}:00`;
  if (slot === 'party') return booking.party;
  if (slot === 'name') return booking.name;
  return undefined;
}

function typeOf(schema: JsonSchema): string {
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== 'null') : schema.type;
  return (type ?? (schema.properties ? 'object' : 'string')).toLowerCase();
}

/** A valid value for a required property that the caller did not mention. */
function fallbackValue(schema: JsonSchema, context: ArgumentContext): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum?.length) return spokenEnum(schema.enum, context.utterance) ?? schema.enum[0];
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return fillArguments(schema, context);
    default:
      return properNoun(context.utterance) ?? '';
  }
}

function spokenEnum(values: unknown[], utterance: string): unknown {
  const text = utterance.toLowerCase();
  return values.find((value) => typeof value === 'string' && text.includes(value.toLowerCase()));
}

/** The first capitalised words that do not start a sentence: a place or a name. */
function properNoun(utterance: string): string | undefined {
  return /(?<=[\p{L}\p{N},]\s)\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+)*/u.exec(utterance)?.[0];
}

/** A value converted to the type of the schema. */
function asType(value: string | number, schema: JsonSchema): unknown {
  const type = typeOf(schema);
  if (type === 'integer' || type === 'number') return Number(value);
  return type === 'string' ? String(value) : value;
}

/** Tool arguments from what the caller said: all required properties, and optional ones that were mentioned. */
export function fillArguments(schema: JsonSchema, context: ArgumentContext): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  const required = new Set(schema.required ?? []);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value = slotValue(slotOf(name), context);
    if (value !== undefined) filled[name] = asType(value, property);
    else if (required.has(name)) filled[name] = fallbackValue(property, context);
  }
  return filled;
}

/** Reads a tool result: whether it succeeded, and a detail to tell the caller. */
export function readResult(text: string): { ok: boolean; detail: string | undefined } {
  const fields = parseFields(text);
  const failed =
    fields === undefined
      ? /\b(error|fail|unavailable|not available|fully booked|no tables?)\b/i.test(text)
      : [fields.available, fields.ok, fields.success, fields.confirmed].includes(false) || 'error' in fields;
  const detail = fields && [fields.message, fields.reason, fields.detail].find((v) => typeof v === 'string');
  const code = fields && [fields.confirmation, fields.confirmation_code, fields.reference].find(isCode);
  if (!failed && code !== undefined) return { ok: true, detail: `Your reference is ${code}.` };
  return { ok: !failed, detail: typeof detail === 'string' ? detail : fields ? undefined : plain(text) };
}

function isCode(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function parseFields(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function plain(text: string): string | undefined {
  const trimmed = text.trim().replace(/^"|"$/g, '');
  if (trimmed === '' || trimmed.length > 200) return undefined;
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
