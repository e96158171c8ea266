import type { Random } from '@firstword/turn/statistics';
import type { WildStack } from './call.js';
import { hexDigits, letters } from './draw.js';

/** What a provider answers where it refuses: OpenAI-compatible bodies as OpenAI, Groq and LiveKit Inference send them. */
export interface ProviderRefusal {
  status: number;
  message: string;
  body: { message: string; type: string; code: string };
  requestId: string;
}

const error = (
  random: Random,
  status: number,
  message: string,
  type: string,
  code: string,
): ProviderRefusal => ({
  status,
  message,
  body: { message, type, code },
  requestId: `req_${hexDigits(random, 24)}`,
});

/** A request over the rate limit. */
export function rateLimited({ llm }: WildStack, random: Random): ProviderRefusal {
  const used = random.integer(190, 200);
  return error(
    random,
    429,
    `Rate limit reached for ${llm.model} in organization org-${letters(random, 12)} on tokens per min (TPM): Limit 200000, Used ${used}113, Requested ${random.integer(900, 9000)}. Please try again in ${random.integer(120, 2400)}ms.`,
    'tokens',
    'rate_limit_exceeded',
  );
}

/** No credit left. */
export function quotaUsedUp({ llm }: WildStack, random: Random): ProviderRefusal {
  if (llm.provider === 'livekit')
    return error(
      random,
      429,
      'Inference quota exceeded for this project. Add a payment method or upgrade the plan.',
      'inference_quota_exceeded',
      'llm_credits',
    );
  return error(
    random,
    429,
    'You exceeded your current quota, please check your plan and billing details.',
    'insufficient_quota',
    'insufficient_quota',
  );
}

/** A model that does not exist. */
export const modelUnknown = ({ llm }: WildStack, random: Random): ProviderRefusal =>
  error(
    random,
    404,
    `The model \`${llm.model}\` does not exist or you do not have access to it.`,
    'invalid_request_error',
    'model_not_found',
  );

/** The body as Python prints a dict. */
export const pythonBody = ({ body }: ProviderRefusal): string =>
  `{'message': ${pythonText(body.message)}, 'type': '${body.type}', 'param': None, 'code': '${body.code}'}`;

/** A string as Python's `repr` prints it. */
export const pythonText = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);
