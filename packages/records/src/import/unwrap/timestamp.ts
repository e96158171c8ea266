import { timeOfText, type Unwrapped } from './unwrapped.js';

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d))(?: |$)/;

/** `kubectl logs --timestamps`, `docker logs -t` and Heroku write the time in front of each line. */
export function timestamp(line: string): Unwrapped | undefined {
  const found = RFC_3339.exec(line);
  return found ? { text: line.slice(found[0].length), atMs: timeOfText(found[1]) } : undefined;
}
