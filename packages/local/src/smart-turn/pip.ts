import { spawn } from 'node:child_process';

/** How a run of Python ended. */
export interface PythonResult {
  /** `undefined` if there is no such program; `null` if it was stopped. */
  exitCode: number | null | undefined;
  /** The last part of what it wrote to stderr. */
  stderr: string;
}

/** Runs Python. */
export type RunPython = (args: readonly string[], options: { signal: AbortSignal }) => Promise<PythonResult>;

/** Names under which Python 3 may be installed, the most likely one first. The environment variable `PYTHON` names another. */
const pythons = () =>
  process.env.PYTHON
    ? [process.env.PYTHON]
    : process.platform === 'win32'
      ? ['py', 'python']
      : ['python3', 'python'];
const KEPT_CHARACTERS = 4000;

function runOne(program: string, args: readonly string[], signal: AbortSignal): Promise<PythonResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT_CHARACTERS);
    });
    const stop = () => child.kill();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const end = (exitCode: PythonResult['exitCode']) => {
      signal.removeEventListener('abort', stop);
      resolve({ exitCode, stderr });
    };
    child.once('error', () => end(undefined));
    child.once('close', (code) => end(signal.aborted ? null : (code ?? 1)));
  });
}

/** Runs the first Python 3 that is there. */
export const runPython: RunPython = async (args, { signal }) => {
  for (const program of pythons()) {
    const result = await runOne(program, args, signal);
    if (result.exitCode !== undefined) return result;
  }
  return { exitCode: undefined, stderr: '' };
};
