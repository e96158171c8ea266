import type { ChatMessage, ChatRequest, ContentPart } from '../../chat.js';
import { argumentsObject, conversationOf } from '../conversation.js';
import { isJsonObject, parseJson } from '../schema.js';
import { signatureOf } from './signatures.js';

type Part = Record<string, unknown>;

function part(content: ContentPart): Part {
  if (content.type === 'text') return { text: content.text };
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(content.url);
  return inline
    ? { inlineData: { mimeType: inline[1], data: inline[2] } }
    : { fileData: { fileUri: content.url } };
}

function parts(content: string | ContentPart[]): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return content.map(part);
}

/** A tool's answer must be an object. */
function toolResponse(content: string | ContentPart[]): object {
  const text =
    typeof content === 'string' ? content : content.map((p) => (p.type === 'text' ? p.text : '')).join('');
  const value = parseJson(text);
  return isJsonObject(value) ? value : { result: text };
}

function messageParts(message: ChatMessage, toolNames: Map<string, string>, model: string): Part[] {
  if (message.role === 'tool') {
    const name = message.name ?? toolNames.get(message.toolCallId ?? '') ?? '';
    return [{ functionResponse: { name, response: toolResponse(message.content) } }];
  }
  const calls = (message.toolCalls ?? []).map((call, index) => {
    toolNames.set(call.id, call.name);
    const thoughtSignature = signatureOf(call.id, { model, isFirst: index === 0 });
    return {
      functionCall: { name: call.name, args: argumentsObject(call.arguments) },
      ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
    };
  });
  return [...parts(message.content), ...calls];
}

function toolConfig({ toolChoice: choice }: ChatRequest): object {
  if (choice === undefined) return {};
  const config =
    typeof choice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
      : { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] };
  return { toolConfig: { functionCallingConfig: config } };
}

/** The body of a streaming request. `extra.generationConfig` is merged field by field. */
export function geminiBody(model: string, request: ChatRequest): Record<string, unknown> {
  const { generationConfig, ...extra } = request.extra ?? {};
  const conversation = conversationOf(request.messages);
  const system = conversation.system.flatMap(({ content }) => parts(content));
  const toolNames = new Map<string, string>();
  return {
    ...(system.length > 0 ? { systemInstruction: { parts: system } } : {}),
    ...(request.tools?.length
      ? {
          tools: [
            {
              functionDeclarations: request.tools.map(({ name, description, parameters }) => ({
                name,
                ...(description === undefined ? {} : { description }),
                parametersJsonSchema: parameters,
              })),
            },
          ],
          ...toolConfig(request),
        }
      : {}),
    contents: conversation.turns.map(({ role, messages }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: messages.flatMap((message) => messageParts(message, toolNames, model)),
    })),
    generationConfig: {
      ...(request.maxCompletionTokens === undefined ? {} : { maxOutputTokens: request.maxCompletionTokens }),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.topP === undefined ? {} : { topP: request.topP }),
      ...(request.stop === undefined ? {} : { stopSequences: request.stop }),
      ...(generationConfig as object | undefined),
    },
    ...extra,
  };
}
