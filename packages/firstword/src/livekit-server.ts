import { FirstwordError } from '@firstword/turn';
import { readSecret } from './secret.js';

/** Address and credentials of a LiveKit server. */
export interface LiveKitServer {
  url: string;
  apiKey: string;
  apiSecret: string;
}

/** Command-line options that override LiveKit's environment variables. */
export interface ServerOptions {
  url?: string;
  apiKey?: string;
  /** A file that holds the secret. */
  apiSecretFile?: string;
}

/** Help text shared by the commands that connect to a LiveKit server. The variables are the ones that `lk` uses. */
export const SERVER_HELP = `The server comes from LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET; --url, --api-key and --api-secret-file
override them. For a local server, run livekit-server --dev and use ws://localhost:7880, devkey and secret.`;

/**
 * Resolves the LiveKit server from the options, then from the environment.
 * @throws FirstwordError `bad_input` that names every missing variable, or the malformed address
 */
export function liveKitServer(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): LiveKitServer {
  const url = options.url ?? env.LIVEKIT_URL;
  const apiKey = options.apiKey ?? env.LIVEKIT_API_KEY;
  const apiSecret = readSecret({ file: options.apiSecretFile }) ?? env.LIVEKIT_API_SECRET;
  if (url && apiKey && apiSecret) {
    if (/^(wss?|https?):\/\/\S+$/.test(url)) return { url, apiKey, apiSecret };
    throw new FirstwordError(
      'bad_input',
      `"${url}" is not a server address: use ws://host:port or wss://host`,
    );
  }
  const missing = [
    ...(url ? [] : ['LIVEKIT_URL']),
    ...(apiKey ? [] : ['LIVEKIT_API_KEY']),
    ...(apiSecret ? [] : ['LIVEKIT_API_SECRET']),
  ];
  throw new FirstwordError(
    'bad_input',
    `set ${missing.join(', ')}: the LiveKit server is not configured.\n${SERVER_HELP}`,
  );
}
