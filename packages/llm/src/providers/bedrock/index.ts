import { FirstwordError } from '@firstword/turn';
import { anthropicWire } from '../../wire/anthropic/index.js';
import { openAiWire } from '../../wire/openai/index.js';
import type { Wire } from '../../wire/wire.js';
import { type HttpModel, type HttpModelOptions, httpModel } from '../http-model.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';
import { ReasoningTagReader } from './reasoning-tags.js';
import { type AwsCredentials, type AwsSignerOptions, awsSigner } from './sigv4.js';

/** Options of `bedrock`. */
export interface BedrockOptions extends Omit<HttpModelOptions, 'serviceTier' | 'sign'> {
  /** Such as `us-east-1`; default AWS_REGION, then AWS_DEFAULT_REGION. */
  region?: string;
  /**
   * Signs the requests with SigV4 instead of sending a key. Default: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
   * AWS_SESSION_TOKEN where there is no key: neither `apiKey` nor AWS_BEARER_TOKEN_BEDROCK.
   */
  credentials?: AwsSignerOptions['credentials'];
  /** Name of the service in the signature; default that of the endpoint: `bedrock` or `bedrock-mantle`. */
  service?: string;
}

function regionOf(given: string | undefined): string {
  const region = given ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION);
  if (region) return region;
  throw new FirstwordError('bad_input', 'Amazon Bedrock needs a region: set AWS_REGION, such as us-east-1');
}

function omitName({ name: _name, rawBody: _rawBody, ...wire }: Wire): Wire {
  return wire;
}

/** Without `name`: its text has to be cleaned of reasoning, so no answer is passed on as received. */
const bedrockWire: Wire = {
  ...omitName(openAiWire),
  reader: (context) => new ReasoningTagReader(openAiWire.reader(context)),
  readNonStreaming(json, context) {
    const signals = openAiWire.readNonStreaming(json, context);
    return signals && new ReasoningTagReader(openAiWire.reader(context)).sorted(signals);
  },
};

const common = {
  name: 'bedrock',
  label: 'Amazon Bedrock',
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
};

/** One of Bedrock's APIs. Its base URL depends on the region. */
interface BedrockApi {
  provider: Omit<Provider, 'baseUrl'>;
  baseUrl(region: string): string;
  /** Name of the service in the signature. */
  service: string;
}

/** Chat completions, as OpenAI's, on the endpoint that AWS recommends. */
const CHAT_COMPLETIONS: BedrockApi = {
  provider: { ...common, wire: bedrockWire, auth: bearer, defaults: reasoningDefaults },
  baseUrl: (region) => `https://bedrock-runtime.${region}.amazonaws.com/openai/v1`,
  service: 'bedrock',
};

const ANTHROPIC_VERSION = { 'anthropic-version': '2023-06-01' };

/** Anthropic's Messages API, at the address and with the service that Anthropic's own client for Bedrock uses. */
const MESSAGES: BedrockApi = {
  provider: {
    ...common,
    wire: anthropicWire,
    auth: (apiKey) => ({ ...bearer(apiKey), ...ANTHROPIC_VERSION }),
  },
  baseUrl: (region) => `https://bedrock-mantle.${region}.api.aws/anthropic/v1`,
  service: 'bedrock-mantle',
};

/** Claude's names: `anthropic.claude-…`, or `us.anthropic.claude-…` where a profile of regions serves it. */
const CLAUDE = /(?:^|[./])anthropic\./;

const apiOf = (model: string): BedrockApi => (CLAUDE.test(model) ? MESSAGES : CHAT_COMPLETIONS);

const providerOf = ({ provider, baseUrl }: BedrockApi): Provider => ({
  ...provider,
  get baseUrl() {
    return baseUrl(regionOf(undefined));
  },
});

/** Amazon Bedrock's OpenAI-compatible chat completions: gpt-oss, Qwen and others, but neither Claude nor Nova. */
export const bedrockProvider: Provider = providerOf(CHAT_COMPLETIONS);
/** Amazon Bedrock with Anthropic's Messages API, for Claude. */
export const bedrockClaudeProvider: Provider = providerOf(MESSAGES);

/** How Bedrock is asked for a model: Claude with Anthropic's Messages API, all others with chat completions. */
export const bedrockProviderFor = (model: string): Provider =>
  CLAUDE.test(model) ? bedrockClaudeProvider : bedrockProvider;

function fromEnvironment(): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
}

function serviceAt(baseUrl: string, { service }: BedrockApi): string {
  if (baseUrl.includes('//bedrock-mantle.')) return 'bedrock-mantle';
  return baseUrl.includes('//bedrock-runtime.') ? 'bedrock' : service;
}

/**
 * A model of Amazon Bedrock, with a Bedrock API key or signed with SigV4. Claude is asked with Anthropic's Messages API, all
 * other models with chat completions.
 * @throws FirstwordError `bad_input` without a region
 */
export function bedrock(options: BedrockOptions): HttpModel {
  const { region: given, credentials: own, service, apiKey: ownKey, headers, ...rest } = options;
  const region = regionOf(given);
  const apiKey = own ? undefined : (ownKey ?? process.env.AWS_BEARER_TOKEN_BEDROCK);
  const credentials = own ?? (apiKey ? undefined : fromEnvironment());
  const api = apiOf(options.model);
  const baseUrl = options.baseUrl ?? api.baseUrl(region);
  return httpModel(
    {
      ...api.provider,
      baseUrl: api.baseUrl(region),
      ...(credentials ? { keyVariable: 'the AWS credentials' } : {}),
    },
    {
      ...rest,
      ...(api === MESSAGES ? { headers: { ...ANTHROPIC_VERSION, ...headers } } : headers ? { headers } : {}),
      ...(apiKey ? { apiKey } : {}),
      ...(credentials
        ? { sign: awsSigner({ region, credentials, service: service ?? serviceAt(baseUrl, api) }) }
        : {}),
    },
  );
}
