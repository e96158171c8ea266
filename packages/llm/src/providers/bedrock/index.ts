import { FirstwordError } from '@firstword/turn';
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
  /** Name of the service in the signature; default `bedrock`, or `bedrock-mantle` for a base URL at that endpoint. */
  service?: string;
}

function regionOf(given: string | undefined): string {
  const region = given ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION);
  if (region) return region;
  throw new FirstwordError('bad_input', 'Amazon Bedrock needs a region: set AWS_REGION, such as us-east-1');
}

/** The endpoint that AWS recommends; bedrock-mantle is reached with `baseUrl`. */
const runtimeUrl = (region: string) => `https://bedrock-runtime.${region}.amazonaws.com/openai/v1`;

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

/** Without the base URL, which depends on the region. */
const common = {
  name: 'bedrock',
  label: 'Amazon Bedrock',
  wire: bedrockWire,
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  auth: bearer,
  defaults: reasoningDefaults,
} satisfies Omit<Provider, 'baseUrl'>;

/** Amazon Bedrock's OpenAI-compatible chat completions: gpt-oss, Qwen and others, but neither Claude nor Nova. */
export const bedrockProvider: Provider = {
  ...common,
  get baseUrl() {
    return runtimeUrl(regionOf(undefined));
  },
};

function fromEnvironment(): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
}

/**
 * A model of Amazon Bedrock, with a Bedrock API key or signed with SigV4.
 * @throws FirstwordError `bad_input` without a region
 */
export function bedrock(options: BedrockOptions): HttpModel {
  const { region: given, credentials: own, service, apiKey: ownKey, ...rest } = options;
  const region = regionOf(given);
  const apiKey = own ? undefined : (ownKey ?? process.env.AWS_BEARER_TOKEN_BEDROCK);
  const credentials = own ?? (apiKey ? undefined : fromEnvironment());
  const baseUrl = options.baseUrl ?? runtimeUrl(region);
  const usual = baseUrl.includes('//bedrock-mantle.') ? 'bedrock-mantle' : 'bedrock';
  return httpModel(
    {
      ...common,
      baseUrl: runtimeUrl(region),
      ...(credentials ? { keyVariable: 'the AWS credentials' } : {}),
    },
    {
      ...rest,
      ...(apiKey ? { apiKey } : {}),
      ...(credentials ? { sign: awsSigner({ region, credentials, service: service ?? usual }) } : {}),
    },
  );
}
