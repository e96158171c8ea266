import { readFileSync } from 'node:fs';
import { latencyFile, type RouterMemory, sharedMemory } from '@firstword/llm';
import type { ValkeyStats } from '@firstword/llm/valkey';
import { FirstwordError } from '@firstword/turn';

/**
 * Through what routers share data, as in the config's section `store:`. Without a file and without a Valkey, only routers of
 * the process share.
 */
export interface StoreOptions {
  /** File that the processes of this machine share. */
  file?: string;
  /** A Valkey or Redis server that machines share. Not together with `file`. */
  valkey?: {
    /** Environment variable with its address, `redis://user:password@host:6379/0`; default VALKEY_URL, then REDIS_URL. */
    urlVariable?: string;
    /** Every key begins with it; default `firstword`. */
    keyPrefix?: string;
    /** File of a certificate authority to trust in addition to those of Node, PEM. */
    caFile?: string;
  };
  /** Older times are ignored, ms; default 24 hours. */
  maxAgeMs?: number;
}

/** An open store: `memory` is for every router of the gateway. */
export interface GatewayStore {
  readonly memory: RouterMemory;
  /** What it is, for a start line, such as `store.internal:6379`. Without any password. */
  readonly label: string;
  /** How the exchange with a server goes; absent where there is none. */
  stats?(): ValkeyStats;
  /** Writes what waits and closes the connection. Close the routers first. */
  close(): Promise<void>;
}

/**
 * Opens the store of a gateway. An unreachable server is not an error: the gateway starts without it and connects later.
 * @param options.onStatus gets one line when a server is gone, and one when it is back; default `console.warn`
 * @throws FirstwordError `bad_input` for an address that is missing or none, a certificate that cannot be read, or where
 * `@redis/client` is not installed; `unwritable` for a file that cannot be opened
 */
export async function openStore(
  store: StoreOptions = {},
  options: { onStatus?: (line: string) => void; env?: NodeJS.ProcessEnv } = {},
): Promise<GatewayStore> {
  const { file, valkey, maxAgeMs } = store;
  const age = maxAgeMs === undefined ? {} : { maxAgeMs };
  if (file !== undefined && valkey)
    throw new FirstwordError('bad_input', 'the store is a file or a Valkey server: name one of them');
  if (valkey) return openValkey(valkey, { ...age, ...options });
  const memory = file === undefined ? sharedMemory() : latencyFile(file, age);
  return { memory, label: file ?? 'this process', close: async () => {} };
}

async function openValkey(
  { urlVariable, keyPrefix, caFile }: NonNullable<StoreOptions['valkey']>,
  options: { maxAgeMs?: number; onStatus?: (line: string) => void; env?: NodeJS.ProcessEnv },
): Promise<GatewayStore> {
  const { env = process.env, ...rest } = options;
  const url = urlVariable === undefined ? (env.VALKEY_URL ?? env.REDIS_URL) : env[urlVariable];
  if (!url) {
    const variable = urlVariable ?? 'VALKEY_URL';
    throw new FirstwordError(
      'bad_input',
      `the store has no address: set ${variable}, such as redis://host:6379`,
    );
  }
  const { valkeyMemory } = await importValkey();
  const memory = valkeyMemory({
    url,
    ...rest,
    ...(keyPrefix === undefined ? {} : { keyPrefix }),
    ...(caFile === undefined ? {} : { ca: readCertificate(caFile) }),
  });
  const { hostname, port } = new URL(url);
  return {
    memory,
    label: `${hostname}:${port || '6379'}`,
    stats: () => memory.stats(),
    close: () => memory.close(),
  };
}

function readCertificate(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `the certificate ${file} cannot be read: check store.valkey.caFile`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

async function importValkey(): Promise<typeof import('@firstword/llm/valkey')> {
  try {
    return await import('@firstword/llm/valkey');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new FirstwordError(
      'bad_input',
      'a store on a Valkey server needs one more package: npm install @redis/client',
      { cause },
    );
  }
}
