import type { EmulatedMessage, EmulatedToolChoice, OfferedTool } from '../../chat/chat.js';
import { type Fields, isFields, stringOr, textOf } from '../../wire/fields.js';
import { RealtimeRefusal } from '../core/refusal.js';

/** The fields of a session that GPT-Live knows, from its API reference, November 2026; it refuses others. */
const KNOWN = ['model', 'instructions', 'input', 'audio', 'delegation', 'store', 'client', 'metadata'];

/** Who does the work that the voice model hands over. */
export interface LiveDelegation {
  type: 'client' | 'responses';
  tools: OfferedTool[];
  toolChoice: EmulatedToolChoice;
}

/** A client's `session.start`, as far as the emulator reads it. */
export interface LiveSettings {
  model: string;
  instructions: string;
  history: EmulatedMessage[];
  delegation: LiveDelegation;
}

function toolsOf(value: unknown): OfferedTool[] {
  const tools = Array.isArray(value) ? value.filter(isFields) : [];
  return tools
    .filter(({ type }) => type === 'function')
    .map(({ name, description, parameters }) => ({
      name: stringOr(name, ''),
      description: stringOr(description, ''),
      parameters: isFields(parameters) ? parameters : {},
    }));
}

function toolChoiceOf(value: unknown): EmulatedToolChoice {
  if (isFields(value)) return { name: stringOr(value.name, '') };
  return value === 'none' || value === 'required' ? value : 'auto';
}

/** Without one, the client does the work. @throws RealtimeRefusal for an unknown kind */
export function readDelegation(value: unknown, before?: LiveDelegation): LiveDelegation {
  const fields = isFields(value) ? value : {};
  const type = fields.type ?? before?.type ?? 'client';
  if (type !== 'client' && type !== 'responses') {
    const message = `Invalid value: '${String(type)}'. Supported values are: 'client' and 'responses'.`;
    throw new RealtimeRefusal('invalid_value', message, 'session.delegation.type');
  }
  if (before && type !== before.type)
    throw new RealtimeRefusal(
      'invalid_value',
      'The delegation type cannot change.',
      'session.delegation.type',
    );
  const responses = isFields(fields.responses) ? fields.responses : {};
  return {
    type,
    tools: responses.tools === undefined ? (before?.tools ?? []) : toolsOf(responses.tools),
    toolChoice:
      responses.tool_choice === undefined
        ? (before?.toolChoice ?? 'auto')
        : toolChoiceOf(responses.tool_choice),
  };
}

function historyOf(value: unknown): EmulatedMessage[] {
  const items = Array.isArray(value) ? value.filter(isFields) : [];
  return items.map(({ role, content }) => ({
    role: role === 'assistant' || role === 'user' ? role : 'system',
    text: textOf(content),
    toolCalls: [],
  }));
}

/** @throws RealtimeRefusal for what the provider would refuse */
export function readSettings(session: Fields): LiveSettings {
  const unknown = Object.keys(session).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    const param = `session.${unknown}`;
    throw new RealtimeRefusal('unknown_parameter', `Unknown parameter: '${param}'.`, param);
  }
  const model = stringOr(session.model, '');
  if (model === '')
    throw new RealtimeRefusal('missing_required_parameter', "Missing: 'session.model'.", 'session.model');
  return {
    model,
    instructions: stringOr(session.instructions, ''),
    history: historyOf(session.input),
    delegation: readDelegation(session.delegation),
  };
}
