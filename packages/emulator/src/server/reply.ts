import type { CacheUse } from '../cache/prefix-cache.js';
import type { EmulatedAnswer, EmulatedRequest, EmulatedUsage } from '../chat/chat.js';
import { estimateTokens, toPieces } from '../chat/tokens.js';
import type { Profile } from '../profiles/profiles.js';
import { reasoningText } from '../receptionist/reasoning.js';
import type { FinishReason } from '../response/response-script.js';

/** The content of a response, without its timing. */
export interface BuiltReply {
  answer: EmulatedAnswer;
  reasoning: string;
  finishReason: FinishReason;
  usage: EmulatedUsage;
}

/** Truncates a reply at a token limit, mid-sentence if need be, as providers do. Tool calls are dropped then. */
export function cutAnswer(
  answer: EmulatedAnswer,
  maxTokens: number | undefined,
): { answer: EmulatedAnswer; cut: boolean } {
  const pieces = toPieces(answer.text);
  if (maxTokens === undefined || pieces.length <= maxTokens) return { answer, cut: false };
  return { answer: { text: pieces.slice(0, maxTokens).join(''), toolCalls: [] }, cut: true };
}

function outputTokens(answer: EmulatedAnswer): number {
  return answer.toolCalls.reduce(
    (sum, call) => sum + estimateTokens(call.name) + estimateTokens(call.arguments),
    estimateTokens(answer.text),
  );
}

/** Models that reason by default use medium effort, as providers document. */
function reasoningOf(effort: string | undefined, profile: Profile): string {
  if (profile.reasoning === 'never') return '';
  return reasoningText(effort ?? (profile.reasoning === 'by-default' ? 'medium' : 'none'));
}

/** Builds a reply: truncates the answer, adds reasoning text and estimates the token counts. */
export function buildReply(options: {
  request: EmulatedRequest;
  profile: Profile;
  answer: EmulatedAnswer;
  promptTokens: number;
  cache: CacheUse;
}): BuiltReply {
  const { request, profile } = options;
  const { answer, cut } = cutAnswer(options.answer, request.maxTokens);
  const reasoning = reasoningOf(request.reasoningEffort, profile);
  const reasoningTokens = estimateTokens(reasoning);
  return {
    answer,
    reasoning,
    finishReason: cut ? 'length' : answer.toolCalls.length > 0 ? 'tools' : 'stop',
    usage: {
      promptTokens: options.promptTokens,
      cachedTokens: options.cache.cachedTokens,
      cacheWriteTokens: options.cache.writtenTokens,
      completionTokens: outputTokens(answer) + reasoningTokens,
      reasoningTokens,
    },
  };
}
