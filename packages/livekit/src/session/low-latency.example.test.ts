import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');

/** Lines of code, comments aside. */
const codeOf = (source: string) => source.split('\n').filter((line) => !line.startsWith('/**'));

/** Lines of `to` that are missing in `from`, repeated lines included. */
function added(from: string[], to: string[]): string[] {
  const left = [...from];
  return to.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('examples/fast-agent.ts', () => {
  it('is examples/plain-agent.ts with at most five lines changed', async () => {
    const plain = codeOf(await read('examples/plain-agent.ts'));
    const fast = codeOf(await read('examples/fast-agent.ts'));
    const changed = added(plain, fast);
    expect(changed.join('\n')).toMatch(/lowLatency\(\{ stt, llm, tts \}\)/);
    expect(changed.length).toBeLessThanOrEqual(5);
    expect(added(fast, plain).length).toBeLessThanOrEqual(changed.length);
  });

  it('differs from it as the README shows', async () => {
    const [plain, fast] = [
      codeOf(await read('examples/plain-agent.ts')),
      codeOf(await read('examples/fast-agent.ts')),
    ];
    const shown = /```diff\n([\s\S]*?)```/.exec(await read('examples/README.md'))?.[1]?.split('\n') ?? [];
    const withSign = (sign: string) =>
      shown.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
    expect(withSign('+')).toEqual(added(plain, fast));
    expect(withSign('-')).toEqual(added(fast, plain));
  });
});
