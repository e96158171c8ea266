import { ProviderError } from '../provider-error.js';
import { secretsIn } from '../providers/request-headers.js';
import { type Endpoint, pathBelow } from '../stream/endpoint.js';
import { parseJson } from '../wire/schema.js';
import { connectionFailure } from './failure.js';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * GETs a JSON document below the base URL, for small requests such as the list of models.
 * @throws FirstwordError `connect_failed`, `timeout` or `aborted`; `not_an_api` where the server does not speak HTTP
 */
export async function getJson(
  endpoint: Endpoint,
  options: { path: string; signal: AbortSignal },
): Promise<{ status: number; json: unknown }> {
  const { provider, origin, pool } = endpoint;
  let secrets: string[] = [];
  try {
    const path = pathBelow(endpoint, options.path);
    const headers = await endpoint.headers({ method: 'GET', url: `${origin.origin}${path}`, headers: {} });
    secrets = secretsIn({ headers, path });
    const { connection } = await pool.take(options);
    return await new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let status = 0;
      const stop = () => {
        connection.destroy();
        reject(options.signal.reason);
      };
      options.signal.addEventListener('abort', stop, { once: true });
      const settled = () => options.signal.removeEventListener('abort', stop);
      connection.dispatch(
        { method: 'GET', path, headers },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            size += chunk.length;
            if (size > MAX_BODY_BYTES) connection.destroy();
            else chunks.push(chunk);
          },
          onResponseEnd() {
            settled();
            pool.release(connection);
            resolve({ status, json: parseJson(Buffer.concat(chunks).toString('utf8')) });
          },
          onResponseError(_controller, error) {
            settled();
            connection.destroy();
            reject(error);
          },
        },
      );
    });
  } catch (error) {
    const failure = connectionFailure(error, { provider: provider.name, origin });
    ProviderError.hideSecrets(failure, secrets);
    throw failure;
  }
}
