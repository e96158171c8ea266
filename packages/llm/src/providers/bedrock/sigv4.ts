import type { RequestSigner } from '../request-headers.js';

/** Credentials of AWS, as its SDKs name them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
}

/** Options of `awsSigner`. */
export interface AwsSignerOptions {
  /** Such as `us-east-1`. */
  region: string;
  /** Name of the service in the signature: `bedrock` for bedrock-runtime, `bedrock-mantle` for that endpoint. Default `bedrock`. */
  service?: string;
  /**
   * The credentials, or a function that returns the current ones, such as `fromNodeProviderChain()` of
   * @aws-sdk/credential-providers. Called for every request, so it has to keep them, as that one does.
   */
  credentials: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>);
}

/**
 * Signs requests with AWS Signature Version 4, for the `sign` option of a model. The signature covers the host, the path
 * and the body.
 */
export function awsSigner({ region, service = 'bedrock', credentials }: AwsSignerOptions): RequestSigner {
  /** Keys derived from a secret, a day, a region and a service; a new secret gets an entry of its own. */
  const cache = new Map<string, ArrayBuffer>();
  return async ({ method, url, headers, body }) => {
    const { AwsV4Signer } = await import('aws4fetch');
    const { accessKeyId, secretAccessKey, sessionToken } =
      typeof credentials === 'function' ? await credentials() : credentials;
    // Temporary credentials change every hour or so.
    if (cache.size > 10) cache.clear();
    const signer = new AwsV4Signer({
      method,
      url,
      headers,
      body: (body ?? null) as string | null,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service,
      region,
      cache,
    });
    const signed = await signer.sign();
    const added = [...(signed.headers as Headers)].filter(
      ([name]) => name === 'authorization' || name.startsWith('x-amz-'),
    );
    return Object.fromEntries(added);
  };
}
