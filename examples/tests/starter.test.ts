import { describe, expect, it } from 'vitest';
import { EXAMPLE_FILES, textOf } from './support/example-files.js';

const [before, after] = [textOf('starter/before.ts').split('\n'), textOf('starter/after.ts').split('\n')];

/** Lines of `to` that are missing in `from`, repeated lines included. */
function added(from: readonly string[], to: readonly string[]): string[] {
  const left = [...from];
  return to.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('examples/starter', () => {
  it('differs in one line, and the import', () => {
    expect(added(after, before).map((line) => line.trim())).toEqual([
      'const session = new voice.AgentSession({',
    ]);
    expect(added(before, after).map((line) => line.trim())).toEqual([
      "import { AgentSession } from '@firstword/livekit';",
      'const session = new AgentSession({',
    ]);
    const kept = after.filter((line) => !added(before, after).includes(line));
    expect(kept).toEqual(before.filter((line) => !added(after, before).includes(line)));
  });

  it.each(['README.md', '../README.md'])('differs as %s shows', (page) => {
    const shown = /```diff\n([\s\S]*?)```/.exec(textOf(page))?.[1]?.split('\n') ?? [];
    const signed = (sign: string) =>
      shown.filter((line) => line.startsWith(sign)).map((line) => line.slice(sign.length));
    expect(signed('+')).toEqual(added(before, after));
    expect(signed('-')).toEqual(added(after, before));
    for (const line of signed(' ')) if (line.trim() !== '…') expect(before).toContain(line);
  });
});

describe('examples/README.md', () => {
  it.each(EXAMPLE_FILES)('says what %s is for', (path) => {
    expect(textOf('README.md')).toContain(`(${path})`);
  });
});
