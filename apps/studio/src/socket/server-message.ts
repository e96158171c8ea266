import type { ServerMessage } from '../protocol.js';

/** The required fields of every message, and their types. */
const REQUIRED_FIELDS: {
  [T in ServerMessage['type']]: Record<string, 'string' | 'number' | 'boolean' | 'object'>;
} = {
  hello: {
    version: 'string',
    profiles: 'object',
    profile: 'string',
    levers: 'object',
    firstword: 'object',
    recordsDir: 'string',
  },
  session: { state: 'string' },
  profile: { name: 'string' },
  levers: { inForce: 'object' },
  comparison: { groups: 'object' },
  agentState: { state: 'string' },
  transcript: { who: 'string', kind: 'string', text: 'string' },
  turn: { record: 'object', final: 'boolean' },
  call: { record: 'object' },
  summary: { turns: 'number' },
  doctor: { report: 'object' },
  clear: {},
  error: { code: 'string', message: 'string' },
};

/** Parses a text message; `undefined` if it is invalid or unknown, for example from a newer server. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const fields = value as Record<string, unknown>;
  const required =
    Object.hasOwn(REQUIRED_FIELDS, String(fields.type)) &&
    REQUIRED_FIELDS[fields.type as ServerMessage['type']];
  if (!required) return undefined;
  const isWhole = Object.entries(required).every(
    ([name, type]) => typeof fields[name] === type && fields[name] !== null,
  );
  return isWhole ? (value as ServerMessage) : undefined;
}
