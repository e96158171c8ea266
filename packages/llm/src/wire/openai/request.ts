import type { ChatMessage, ChatRequest, ContentPart, ToolChoice } from '../../chat.js';

function part(content: ContentPart): object {
  return content.type === 'text'
    ? { type: 'text', text: content.text }
    : { type: 'image_url', image_url: { url: content.url } };
}

function message(from: ChatMessage): object {
  return {
    role: from.role,
    content: typeof from.content === 'string' ? from.content : from.content.map(part),
    ...(from.name === undefined ? {} : { name: from.name }),
    ...(from.toolCallId === undefined ? {} : { tool_call_id: from.toolCallId }),
    ...(from.toolCalls?.length
      ? {
          tool_calls: from.toolCalls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: call.arguments },
          })),
        }
      : {}),
  };
}

function toolChoice(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

/** The body of a streaming chat completion request. */
export function openAiBody(model: string, request: ChatRequest): Record<string, unknown> {
  const hasTools = request.tools !== undefined && request.tools.length > 0;
  return {
    model,
    messages: request.messages.map(message),
    ...(hasTools
      ? {
          tools: request.tools!.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, ...(description === undefined ? {} : { description }), parameters },
          })),
        }
      : {}),
    ...(hasTools && request.toolChoice !== undefined ? { tool_choice: toolChoice(request.toolChoice) } : {}),
    ...(hasTools && request.parallelToolCalls !== undefined
      ? { parallel_tool_calls: request.parallelToolCalls }
      : {}),
    ...(request.maxCompletionTokens === undefined
      ? {}
      : { max_completion_tokens: request.maxCompletionTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.stop === undefined ? {} : { stop: request.stop }),
    stream: true,
    stream_options: { include_usage: true },
    ...request.extra,
  };
}
