import type { Unwrapped } from './unwrapped.js';

/** `agent-1  | text` of docker compose, `0|agent  | text` of pm2. */
const NAME = /^(?:\d{1,4}\|)?([A-Za-z][\w.-]{0,120}) {0,80}\| ?/;
/** Loggers also put bars around their level. */
const LEVEL = /^(?:TRACE|DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL|FATAL)$/i;

/** Docker compose and pm2 name the service in front of each line. */
export function compose(line: string): Unwrapped | undefined {
  const found = NAME.exec(line);
  if (!found || LEVEL.test(found[1]!)) return undefined;
  return { text: line.slice(found[0].length), source: found[1] };
}
