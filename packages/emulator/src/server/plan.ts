import type { CacheUse } from '../cache/prefix-cache.js';
import type { Answer, ChatRequest, Usage } from '../chat/chat.js';
import { estimateTokens, toPieces } from '../chat/tokens.js';
import type { FinishReason } from '../play/score.js';
import type { Profile } from '../profiles/profiles.js';
import { thoughts } from '../receptionist/thoughts.js';

/** What will be said to a request, before anybody decides when. */
export interface Reply {
  answer: Answer;
  reasoning: string;
  reason: FinishReason;
  usage: Usage;
}

/** Cuts an answer at a token limit, the way a provider does: wherever the limit falls. */
export function cutAnswer(answer: Answer, maxTokens: number | undefined): { answer: Answer; cut: boolean } {
  const pieces = toPieces(answer.text);
  if (maxTokens === undefined || pieces.length <= maxTokens) return { answer, cut: false };
  return { answer: { text: pieces.slice(0, maxTokens).join(''), toolCalls: [] }, cut: true };
}

function outputTokens(answer: Answer): number {
  return answer.toolCalls.reduce(
    (sum, call) => sum + estimateTokens(call.name) + estimateTokens(call.arguments),
    estimateTokens(answer.text),
  );
}

/** Models that think by default do so with medium effort, as providers document. */
function reasoningOf(effort: string | undefined, profile: Profile): string {
  if (profile.reasons === 'never') return '';
  return thoughts(effort ?? (profile.reasons === 'by default' ? 'medium' : 'none'));
}

/** The reply with its estimated token counts. */
export function planReply(options: {
  request: ChatRequest;
  profile: Profile;
  answer: Answer;
  promptTokens: number;
  cache: CacheUse;
}): Reply {
  const { request, profile } = options;
  const { answer, cut } = cutAnswer(options.answer, request.maxTokens);
  const reasoning = reasoningOf(request.reasoningEffort, profile);
  const reasoningTokens = estimateTokens(reasoning);
  return {
    answer,
    reasoning,
    reason: cut ? 'length' : answer.toolCalls.length > 0 ? 'tools' : 'stop',
    usage: {
      promptTokens: options.promptTokens,
      cachedTokens: options.cache.cachedTokens,
      cacheWriteTokens: options.cache.writtenTokens,
      completionTokens: outputTokens(answer) + reasoningTokens,
      reasoningTokens,
    },
  };
}
