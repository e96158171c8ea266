import { createClient } from '@redis/client';
import type { ValkeyTarget } from './target.js';

/** An error reply is a value: one refused command says nothing about the others. */
export type Reply = { value: unknown; error?: undefined } | { value?: undefined; error: string };

/** One connection, without any retry of its own. */
export interface ValkeyConnection {
  /**
   * Sends commands together and waits for all replies.
   * @throws where the connection breaks, or does not answer in time
   */
  send(commands: readonly string[][]): Promise<Reply[]>;
  destroy(): void;
}

/** The store did not answer in time. */
class NoAnswer extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(timeoutMs)), timeoutMs).unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error reply begins with a word such as OOM, which is all that may be shown: the rest may quote what was sent. */
const codeOf = (message: string) => /^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'ERR';

/** Why a connection failed, in few words and without any secret. */
export function reasonOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'string') return code;
  const reply = /^[A-Z]{2,20}\b/.exec(message)?.[0];
  if (reply) return reply;
  return /timeout/i.test(message) ? 'no answer' : 'connection closed';
}

/**
 * Connects and logs in.
 * @throws where that fails, or takes longer than `timeoutMs`
 */
export async function connectValkey(
  target: ValkeyTarget,
  options: { timeoutMs: number; ca: string | Buffer | undefined },
): Promise<ValkeyConnection> {
  const { timeoutMs, ca } = options;
  const client = createClient({
    url: target.url,
    // RESP 2 and no extras: every server that calls itself compatible understands it.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    socket: {
      connectTimeout: timeoutMs,
      reconnectStrategy: false,
      ...(target.isTls ? { tls: true, ...(ca ? { ca } : {}) } : {}),
    },
  });
  const destroy = () => {
    try {
      client.destroy();
    } catch {
      // It is closed already.
    }
  };
  // Such as bytes that are no reply. What is awaited is rejected then. (Without a listener, the process would end.)
  client.on('error', destroy);
  try {
    await within(client.connect(), timeoutMs);
  } catch (error) {
    destroy();
    throw error;
  }
  client.unref();
  const sendOne = async (command: string[]): Promise<Reply> => {
    try {
      return { value: await client.sendCommand<unknown>(command) };
    } catch (error) {
      if (!client.isReady) throw error;
      return { error: codeOf((error as Error).message) };
    }
  };
  return {
    send: (commands) => within(Promise.all(commands.map(sendOne)), timeoutMs),
    destroy,
  };
}
