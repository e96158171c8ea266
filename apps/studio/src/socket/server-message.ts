import type { ServerMessage } from '../protocol.js';

/** For every message, the fields that the page cannot do without and their types. */
const NEEDED: { [T in ServerMessage['type']]: Record<string, 'string' | 'number' | 'boolean' | 'object'> } = {
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
  summary: { turns: 'number' },
  doctor: { report: 'object' },
  clear: {},
  error: { code: 'string', message: 'string' },
};

/** Reads a text message; `undefined` for one the page does not know, from a newer server perhaps, or that is broken. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const fields = value as Record<string, unknown>;
  const needed = Object.hasOwn(NEEDED, String(fields.type)) && NEEDED[fields.type as ServerMessage['type']];
  if (!needed) return undefined;
  const isWhole = Object.entries(needed).every(
    ([name, type]) => typeof fields[name] === type && fields[name] !== null,
  );
  return isWhole ? (value as ServerMessage) : undefined;
}
