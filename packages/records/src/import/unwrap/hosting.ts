import type { Unwrapped } from './unwrapped.js';

/** `app[web.1]: text` of Heroku, `app[3d8d7a] fra [info] text` of Fly.io; the time before it is a layer of its own. */
const DYNO = /^([a-z][\w-]{0,40}\[[\w.-]{1,60}\])(?:: ?| [a-z]{3} ?\[[a-z]{2,10}\] ?)/;

/** Heroku and Fly.io name the machine in front of each line. */
export function hosting(line: string): Unwrapped | undefined {
  const found = DYNO.exec(line);
  return found ? { text: line.slice(found[0].length), source: found[1] } : undefined;
}
