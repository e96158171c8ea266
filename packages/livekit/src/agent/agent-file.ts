import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FirstwordError } from '@firstword/turn';
import { type AgentFileFault, NO_AGENT } from './agent-file-fault.js';

/** A file that Node can run, and how. */
export interface RunnableFile {
  path: string;
  /** Options of Node for every process that loads the file. */
  execArgv: string[];
}

const LOADER = fileURLToPath(new URL('./load-agent-file.js', import.meta.url));
/** The compiled file's extension, by that of the source. */
const COMPILED: Record<string, string> = { '.ts': '.js', '.mts': '.mjs', '.cts': '.cjs' };
/** Errors of Node's type stripping that `tsx` does not have. */
const TSX_HELPS = ['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'];
/** Kept of what the file writes to stderr while it is loaded, characters. */
const KEPT_OUTPUT = 2_000;

/** The `tsx` of the file's project, as Node imports it; `undefined` if there is none. */
function tsxOf(path: string): string | undefined {
  try {
    return pathToFileURL(createRequire(path).resolve('tsx')).href;
  } catch {
    return undefined;
  }
}

/**
 * Says how this Node can run an agent's file. A TypeScript file is run by the `tsx` of its project, by Node itself from 22.18, or
 * else its compiled sibling is run.
 *
 * @throws FirstwordError `bad_input` if there is no such file, or this Node cannot run it
 */
export function runnableFile(path: string): RunnableFile {
  if (!existsSync(path)) throw new FirstwordError('bad_input', `there is no file ${path}`);
  const extension = extname(path);
  const compiledExtension = COMPILED[extension];
  if (compiledExtension === undefined) return { path, execArgv: [] };
  const tsx = tsxOf(path);
  if (tsx) return { path, execArgv: ['--import', tsx] };
  // Newer than the types of Node 20.
  if (Reflect.get(process.features, 'typescript')) return { path, execArgv: [] };
  const compiled = path.slice(0, -extension.length) + compiledExtension;
  if (existsSync(compiled)) return { path: compiled, execArgv: [] };
  const message = `Node.js ${process.version} cannot run ${path}: install tsx in its project (npm install --save-dev tsx), or use Node.js 22.18 or newer, or compile it and name the ${compiledExtension} file`;
  throw new FirstwordError('bad_input', message);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function faultMessage({ path, execArgv }: RunnableFile, { message, place, code }: AgentFileFault): string {
  if (message === NO_AGENT)
    return `${path} has no agent as its default export: add "export default defineAgent({ … })"`;
  const at = place ? ` (${place.replace(/^file:\/\//, '')})` : '';
  const isStripped = COMPILED[extname(path)] !== undefined && execArgv.length === 0;
  const hint =
    isStripped && TSX_HELPS.includes(code ?? '')
      ? '. tsx in the project may be able to: npm install --save-dev tsx'
      : '';
  return `${path} cannot be loaded: ${oneLine(message)}${at}${hint}`;
}

/**
 * Loads an agent's file once, in a separate process, to find errors. LiveKit would restart a process for a faulty file again
 * and again, and stay registered at the server.
 *
 * @throws FirstwordError `bad_input` with what is wrong with the file
 */
export async function checkAgentFile(
  file: RunnableFile,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const { signal } = options;
  if (signal?.aborted) return;
  const child = fork(LOADER, [file.path], {
    execArgv: [...process.execArgv, ...file.execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stop = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  let answer: { fault?: AgentFileFault } | undefined;
  let written = '';
  child.on('message', (message) => {
    answer = message as { fault?: AgentFileFault };
  });
  child.stderr?.on('data', (text: Buffer) => {
    written = (written + text).slice(-KEPT_OUTPUT);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) return;
  const ended: AgentFileFault = { message: `it has ended its process (exit code ${code}). ${written}` };
  const fault = answer ? answer.fault : ended;
  if (!fault) return;
  fault.place ??= /^(\S+:\d+)$/m.exec(written)?.[1];
  throw new FirstwordError('bad_input', faultMessage(file, fault));
}
