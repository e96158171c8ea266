/**
 * Loads an agent's file in a process of its own, as LiveKit's job process does, and sends what is wrong with it to the parent.
 * The arguments are those of LiveKit's job process, so a `cli.runApp` in the file does nothing here either.
 */
import { pathToFileURL } from 'node:url';
import { type AgentFileFault, NO_AGENT } from './agent-file-fault.js';

/** The first place outside packages. */
const placeIn = (stack = '') =>
  /file:\/\/[^\s)]+?:\d+/.exec(stack.replace(/file:\/\/\S*node_modules\S*/g, ''))?.[0];

function faultOf(error: unknown): AgentFileFault {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { message: `${error.name}: ${error.message}`, place: placeIn(error.stack), code };
}

async function load(path: string): Promise<AgentFileFault | undefined> {
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  if (exported === undefined) return { message: NO_AGENT };
  // Loaded last: a file that is broken is reported without it, seconds sooner.
  const { isAgent } = await import('@livekit/agents');
  // A CommonJS file's default export is one level deeper.
  const agent = isAgent(exported) ? exported : (exported as { default?: unknown }).default;
  return isAgent(agent) ? undefined : { message: NO_AGENT };
}

const end = () => process.exit(0);
try {
  const fault = await load(process.argv[2]!);
  process.send?.({ fault }, end);
} catch (error) {
  const fault = faultOf(error);
  process.send?.({ fault }, () => {
    // Node tells the place of a syntax error only where it prints it: the parent reads it there.
    if (error instanceof SyntaxError && !fault.place) throw error;
    end();
  });
}
