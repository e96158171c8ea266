import { FirstwordError } from '@firstword/turn';
import { openAiWire } from '../../wire/openai/index.js';
import { type HttpModel, type HttpModelOptions, httpModel } from '../http-model.js';
import { bearer, type Provider } from '../provider.js';

/** Options of `azure`. */
export interface AzureOptions extends Omit<HttpModelOptions, 'apiKey' | 'baseUrl' | 'serviceTier' | 'sign'> {
  /** Name of the deployment. */
  model: string;
  /** The resource's address, such as `https://my-resource.openai.azure.com`; default AZURE_OPENAI_ENDPOINT. */
  endpoint?: string;
  /**
   * A dated API version, such as `2024-10-21`: requests then go to the deployment's own URL. Default: the v1 API, which
   * needs no version.
   */
  apiVersion?: string;
  /** Key of the resource; default AZURE_OPENAI_API_KEY. Not used with `entraToken`. */
  apiKey?: string;
  /**
   * Returns a current Entra ID token, such as `getBearerTokenProvider(credential, 'https://ai.azure.com/.default')` of
   * @azure/identity. Called for every request, so it has to keep the token. Default: the key is used.
   */
  entraToken?: () => string | Promise<string>;
}

function endpointOf(given: string | undefined): string {
  const endpoint = given ?? process.env.AZURE_OPENAI_ENDPOINT;
  if (endpoint) return endpoint.replace(/\/+$/, '');
  throw new FirstwordError(
    'bad_input',
    'Azure OpenAI needs the address of your resource: set AZURE_OPENAI_ENDPOINT, such as https://my-resource.openai.azure.com',
  );
}

/** Without the base URL, which depends on the resource. */
const common = {
  name: 'azure',
  label: 'Azure OpenAI',
  wire: openAiWire,
  keyVariable: 'AZURE_OPENAI_API_KEY',
  auth: (apiKey: string) => ({ 'api-key': apiKey }),
} satisfies Omit<Provider, 'baseUrl'>;

/** Azure OpenAI. The model is the name of a deployment. */
export const azureProvider: Provider = {
  ...common,
  get baseUrl() {
    return `${endpointOf(undefined)}/openai/v1`;
  },
};

/**
 * A deployment of Azure OpenAI.
 * @throws FirstwordError `bad_input` without an endpoint
 */
export function azure(options: AzureOptions): HttpModel {
  const { endpoint, apiVersion, apiKey, entraToken, ...rest } = options;
  const address = endpointOf(endpoint);
  const deployment = `${address}/openai/deployments/${encodeURIComponent(options.model)}`;
  const key = entraToken ?? apiKey ?? process.env.AZURE_OPENAI_API_KEY;
  return httpModel(
    {
      ...common,
      baseUrl:
        apiVersion === undefined
          ? `${address}/openai/v1`
          : `${deployment}?api-version=${encodeURIComponent(apiVersion)}`,
      ...(entraToken ? { keyVariable: 'entraToken', auth: bearer } : {}),
    },
    { ...rest, ...(key ? { apiKey: key } : {}) },
  );
}
