import { z } from 'zod';
import { detailCount, details, detailText, finishReason } from '../schema.js';

const usage = details({
  input_tokens: detailCount,
  output_tokens: detailCount,
  cache_read_input_tokens: detailCount,
  cache_creation_input_tokens: detailCount,
  service_tier: detailText,
});

const block = z.object({
  type: detailText,
  id: detailText,
  name: z.string().nullish(),
  text: z.string().nullish(),
  /** Whole in a non-streaming answer; in a stream it is usually empty, and its text follows. */
  input: z.record(z.string(), z.unknown()).nullish(),
});

/** The fields of Anthropic's stream events that are used here. */
export const anthropicEvent = z.object({
  type: detailText,
  index: detailCount,
  message: details({ usage }),
  content_block: block.nullish(),
  delta: z
    .object({
      text: z.string().nullish(),
      thinking: detailText,
      partial_json: z.string().nullish(),
      stop_reason: finishReason,
    })
    .nullish(),
  usage,
});

/** A non-streaming answer. */
export const anthropicMessage = z.object({ content: z.array(block), stop_reason: finishReason, usage });

/** A checked stream event. */
export type AnthropicEvent = z.infer<typeof anthropicEvent>;
/** A block of an answer: text, thinking or a tool call. */
export type AnthropicBlock = z.infer<typeof block>;
/** Usage, as Anthropic reports it. */
export type AnthropicUsage = NonNullable<z.infer<typeof usage>>;
