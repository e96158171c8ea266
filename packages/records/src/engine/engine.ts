import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { FirstwordError } from '@firstword/turn';
import { temporaryDir } from '@firstword/turn/store';

/** DuckDB's memory limit before it writes to disk: with Node and the library, a report stays under 1 GB. */
const MEMORY_LIMIT = '512MB';
/** Every thread allocates its own read buffers. */
const MAX_THREADS = 4;
const PROGRESS_MS = 200;

/** A SQL value as it goes into a query. */
export type SqlValue = string | number | boolean | null;

/** Options of one query. */
export interface QueryOptions {
  values?: SqlValue[];
  /** Called now and then with the fraction done, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
}

/** An in-memory DuckDB with its own folder for data that does not fit. */
export interface QueryEngine {
  /** A folder of this engine alone; removed when the engine is closed. */
  readonly dir: string;
  run(sql: string, options?: QueryOptions): Promise<void>;
  rows<Row>(sql: string, options?: QueryOptions): Promise<Row[]>;
  close(): Promise<void>;
}

async function load() {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new FirstwordError(
      'bad_input',
      'a report needs DuckDB, which is not installed here: run "npm install @duckdb/node-api@1.5.4-r.1", then try again',
      { cause },
    );
  }
}

/**
 * Opens DuckDB. The library is loaded only now.
 * @param signal stops the current query; the engine still has to be closed
 * @throws FirstwordError `bad_input` where DuckDB is not installed
 */
export async function openQueryEngine(
  options: { signal?: AbortSignal | undefined } = {},
): Promise<QueryEngine> {
  const { signal } = options;
  const { DuckDBInstance } = await load();
  const dir = await temporaryDir({ purpose: 'report' });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    threads: String(Math.min(MAX_THREADS, availableParallelism())),
    temp_directory: dir,
  });
  const connection = await instance.connect();
  const stop = () => connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });

  async function watched<T>(work: () => Promise<T>, onProgress: QueryOptions['onProgress']): Promise<T> {
    signal?.throwIfAborted();
    const tick = () => {
      const { percentage } = connection.progress;
      if (percentage > 0) onProgress?.(Math.min(1, percentage / 100));
    };
    const timer = onProgress ? setInterval(tick, PROGRESS_MS) : undefined;
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  return {
    dir,
    run: (sql, { values, onProgress } = {}) =>
      watched(async () => {
        await connection.run(sql, values);
      }, onProgress),
    rows: <Row>(sql: string, { values, onProgress }: QueryOptions = {}) =>
      watched(
        async () => (await connection.runAndReadAll(sql, values)).getRowObjectsJS() as Row[],
        onProgress,
      ),
    close: async () => {
      signal?.removeEventListener('abort', stop);
      connection.closeSync();
      instance.closeSync();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A text as a SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
