import { FirstwordError } from '@firstword/turn';

/** A LiveKit server, and what it takes to be let in. */
export interface LiveKitServer {
  url: string;
  apiKey: string;
  apiSecret: string;
}

/** The options' server, or that of LiveKit's own variables. */
export interface ServerOptions {
  url?: string;
  apiKey?: string;
  apiSecret?: string;
}

/** As `lk` and `livekit-server --dev` have it, for the help of commands. */
export const SERVER_HELP = `The server is that of LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or of --url, --api-key and --api-secret.
A server on this machine: livekit-server --dev, which is ws://localhost:7880, devkey, secret.`;

/**
 * The LiveKit server to use.
 * @throws FirstwordError `bad_input`, naming every variable that is missing
 */
export function liveKitServer(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): LiveKitServer {
  const url = options.url ?? env.LIVEKIT_URL;
  const apiKey = options.apiKey ?? env.LIVEKIT_API_KEY;
  const apiSecret = options.apiSecret ?? env.LIVEKIT_API_SECRET;
  if (url && apiKey && apiSecret) {
    if (/^(wss?|https?):\/\/\S+$/.test(url)) return { url, apiKey, apiSecret };
    throw new FirstwordError('bad_input', `"${url}" is no server: it takes ws://host:port or wss://host`);
  }
  const missing = [
    ...(url ? [] : ['LIVEKIT_URL']),
    ...(apiKey ? [] : ['LIVEKIT_API_KEY']),
    ...(apiSecret ? [] : ['LIVEKIT_API_SECRET']),
  ];
  throw new FirstwordError(
    'bad_input',
    `set ${missing.join(', ')}: without ${missing.length > 1 ? 'them' : 'it'} there is no LiveKit server to go to.\n${SERVER_HELP}`,
  );
}
