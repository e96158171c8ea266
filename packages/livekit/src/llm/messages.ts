import type { ChatMessage, ContentPart, ToolCall, ToolChoice, ToolDefinition } from '@firstword/llm';
import { llm } from '@livekit/agents';

/** The fields of LiveKit's OpenAI-format messages that are read here. */
interface WireMessage {
  role: ChatMessage['role'] | 'developer';
  content?: string | ({ type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } })[];
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

function toContent(content: WireMessage['content']): ChatMessage['content'] {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.map(
    (part): ContentPart =>
      part.type === 'text' ? { type: 'text', text: part.text } : { type: 'image', url: part.image_url.url },
  );
}

/** Converts LiveKit's chat context into messages. */
export async function toMessages(chatCtx: llm.ChatContext): Promise<ChatMessage[]> {
  const wire = (await chatCtx.toProviderFormat('openai')) as WireMessage[];
  return wire.map((message) => {
    const toolCalls = message.tool_calls?.map(
      (call): ToolCall => ({ id: call.id, name: call.function.name, arguments: call.function.arguments }),
    );
    return {
      // OpenAI's newer word for system. Other providers refuse it.
      role: message.role === 'developer' ? 'system' : message.role,
      content: toContent(message.content),
      ...(toolCalls ? { toolCalls } : {}),
      ...(message.tool_call_id === undefined ? {} : { toolCallId: message.tool_call_id }),
    };
  });
}

/** Converts LiveKit's tools into definitions, in a stable order: they are the start of the cached prompt prefix. */
export function toTools(toolCtx: llm.ToolContext | undefined): ToolDefinition[] {
  if (!toolCtx) return [];
  return llm.sortedToolEntries(toolCtx).map(([name, tool]) => {
    const { $schema: _dropped, ...parameters } = llm.toJsonSchema(tool.parameters, true, false) as Record<
      string,
      unknown
    >;
    return { name, description: tool.description, parameters };
  });
}

/** Converts LiveKit's tool choice. */
export function toToolChoice(choice: llm.ToolChoice | undefined): ToolChoice | undefined {
  return choice === undefined || typeof choice === 'string' ? choice : { name: choice.function.name };
}
