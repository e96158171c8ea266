import type { ChatMessage, ChatRequest, ContentPart } from '../../chat.js';
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
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Plain text: wrapped below.
  }
  return { result: text };
}

function turn(
  message: ChatMessage,
  toolNames: Map<string, string>,
  model: string,
): { role: 'user' | 'model'; parts: Part[] } {
  if (message.role === 'tool') {
    const name = message.name ?? toolNames.get(message.toolCallId ?? '') ?? '';
    return { role: 'user', parts: [{ functionResponse: { name, response: toolResponse(message.content) } }] };
  }
  const calls = (message.toolCalls ?? []).map((call, index) => {
    toolNames.set(call.id, call.name);
    const thoughtSignature = signatureOf(call.id, { model, isFirst: index === 0 });
    return {
      functionCall: { name: call.name, args: JSON.parse(call.arguments || '{}') as unknown },
      ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
    };
  });
  return {
    role: message.role === 'assistant' ? 'model' : 'user',
    parts: [...parts(message.content), ...calls],
  };
}

function contents(messages: ChatMessage[], model: string) {
  const toolNames = new Map<string, string>();
  const result: { role: 'user' | 'model'; parts: Part[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const next = turn(message, toolNames, model);
    const last = result.at(-1);
    if (last?.role === next.role) last.parts.push(...next.parts);
    else if (next.parts.length > 0) result.push(next);
  }
  return result;
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
  const system = request.messages
    .filter(({ role }) => role === 'system')
    .flatMap(({ content }) => parts(content));
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
    contents: contents(request.messages, model),
    generationConfig: {
      ...(request.maxCompletionTokens === undefined ? {} : { maxOutputTokens: request.maxCompletionTokens }),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(generationConfig as object | undefined),
    },
    ...extra,
  };
}
