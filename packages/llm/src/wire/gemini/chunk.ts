import { z } from 'zod';
import { detailCount, details, detailText, finishReasonOf } from '../schema.js';

const functionCall = z.object({
  id: detailText,
  name: z.string().nullish(),
  args: z.record(z.string(), z.unknown()).nullish(),
});

const part = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish().catch(undefined),
  functionCall: functionCall.nullish(),
  thoughtSignature: detailText,
});

/** Gateways that speak protobuf send the number of the reason. The first three are the same in all versions. */
const reason = finishReasonOf({ 1: 'STOP', 2: 'MAX_TOKENS', 3: 'SAFETY' });

/** The fields of a response chunk that are used here. */
export const geminiChunk = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(part).nullish() }).nullish(),
        finishReason: reason,
      }),
    )
    .nullish(),
  promptFeedback: details({ blockReason: reason }),
  usageMetadata: details({
    promptTokenCount: detailCount,
    candidatesTokenCount: detailCount,
    thoughtsTokenCount: detailCount,
    cachedContentTokenCount: detailCount,
  }),
});

/** A checked response chunk. */
export type GeminiChunk = z.infer<typeof geminiChunk>;
/** A tool call, which Gemini sends whole. */
export type GeminiCall = z.infer<typeof functionCall>;
