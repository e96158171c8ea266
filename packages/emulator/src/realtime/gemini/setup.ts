import type { EmulatedMessage, JsonSchema, OfferedTool } from '../../chat/chat.js';
import { type Fields, isFields, numberOr, stringOr } from '../../wire/fields.js';
import type { TurnDetectionSetting } from '../core/turn-detection.js';

/** Google does not publish its default, November 2026: an assumption. */
const DEFAULT_SILENCE_MS = 500;

/** Why the server closes the connection: code and reason of the close frame. */
export class GeminiRefusal extends Error {
  readonly code: number;

  /** @param code close code; Gemini Live uses 1007 for invalid messages */
  constructor(message: string, code = 1007) {
    super(message);
    this.code = code;
  }
}

/** A client's `setup`, as far as the emulator reads it. */
export interface GeminiSetup {
  model: string;
  modality: 'audio' | 'text';
  instructions: string;
  tools: OfferedTool[];
  /** `null`: the client marks the caller's activity itself. */
  turnDetection: TurnDetectionSetting | null;
  /** Whether the caller interrupts the model. */
  isInterruptible: boolean;
  transcribesCaller: boolean;
  transcribesModel: boolean;
  /** Whether the client wants handles to resume the session with, and the handle that it resumes with. */
  isResumable: boolean;
  handle: string | undefined;
}

/** The text of a `Content`: its text parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = isFields(content) && Array.isArray(content.parts) ? content.parts.filter(isFields) : [];
  return parts
    .map(({ text }) => stringOr(text, ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** Google's schemas have upper-case types. */
function lowerCaseTypes(schema: unknown): JsonSchema {
  if (!isFields(schema)) return {};
  const { type, properties, items } = schema;
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: type.toLowerCase() } : {}),
    ...(isFields(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, lowerCaseTypes(one)]),
          ),
        }
      : {}),
    ...(isFields(items) ? { items: lowerCaseTypes(items) } : {}),
  };
}

function toolsOf(value: unknown): OfferedTool[] {
  const tools = Array.isArray(value) ? value.filter(isFields) : [];
  return tools
    .flatMap(({ functionDeclarations }) => (Array.isArray(functionDeclarations) ? functionDeclarations : []))
    .filter(isFields)
    .map(({ name, description, parameters, parametersJsonSchema }) => ({
      name: stringOr(name, ''),
      description: stringOr(description, ''),
      parameters: lowerCaseTypes(parametersJsonSchema ?? parameters),
    }));
}

/** @throws GeminiRefusal for what Google would refuse */
export function readSetup(setup: Fields): GeminiSetup {
  const model = stringOr(setup.model, '').replace(/^models\//, '');
  if (model === '') throw new GeminiRefusal('setup.model is required.');
  const generation = isFields(setup.generationConfig) ? setup.generationConfig : {};
  const modalities = Array.isArray(generation.responseModalities) ? generation.responseModalities : [];
  if (modalities.length > 1)
    throw new GeminiRefusal('Request contains an invalid argument: at most one response modality.');
  const modality = modalities[0] === 'TEXT' ? 'text' : 'audio';
  // Models of native audio speak, and do nothing else.
  if (modality === 'text' && /native-audio|flash-live/.test(model))
    throw new GeminiRefusal('Cannot extract voices from a non-audio request.');
  const input = isFields(setup.realtimeInputConfig) ? setup.realtimeInputConfig : {};
  const detection = isFields(input.automaticActivityDetection) ? input.automaticActivityDetection : {};
  const resumption = setup.sessionResumption;
  return {
    model,
    modality,
    instructions: contentText(setup.systemInstruction),
    tools: toolsOf(setup.tools),
    turnDetection:
      detection.disabled === true
        ? null
        : {
            type: 'server_vad',
            silence_duration_ms: numberOr(detection.silenceDurationMs, DEFAULT_SILENCE_MS),
          },
    isInterruptible: input.activityHandling !== 'NO_INTERRUPTION',
    transcribesCaller: isFields(setup.inputAudioTranscription),
    transcribesModel: isFields(setup.outputAudioTranscription),
    isResumable: isFields(resumption),
    handle: isFields(resumption) ? stringOr(resumption.handle, undefined) : undefined,
  };
}

/** One turn of `clientContent` as a message of the conversation. */
export function readTurn(turn: Fields): EmulatedMessage {
  const role = turn.role === 'model' ? 'assistant' : turn.role === 'user' ? 'user' : 'system';
  return { role, text: contentText(turn), toolCalls: [] };
}
