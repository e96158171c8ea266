import { initializeLogger, log } from '@livekit/agents';
import { afterEach, expect, it, vi } from 'vitest';
import { openProcessor, paused } from '../testing/transcript-rig.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Captures the debug lines that reach LiveKit's logger at this level, and the output on stderr. */
function watchLines(level: string) {
  initializeLogger({ pretty: false, level });
  const logged = vi.spyOn(log(), 'debug').mockImplementation(() => {});
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return { logged: () => logged.mock.calls, written: () => written.mock.calls.map(([line]) => line) };
}

it('logs a refused speculation once for the same words, with the reason', () => {
  const { logged, written } = watchLines('debug');
  const { interim } = openProcessor({ speculation: { maxPerTurn: 0 } });
  interim('book a table', paused);
  interim('book a table', paused);
  expect(logged()).toEqual([
    [{ reason: 'turn limit', trigger: 'silence' }, 'firstword: speculation refused'],
  ]);
  expect(written()).toEqual([]);
});

it('logs that LiveKit rejects a speculation while a reply is active', () => {
  const { logged } = watchLines('debug');
  const { interim } = openProcessor({ canSpeculate: () => false });
  interim('book a table', paused);
  expect(logged()).toEqual([
    [{ reason: 'reply active', trigger: 'silence' }, 'firstword: speculation refused'],
  ]);
});

it.each([
  ['words changed', 'interim'],
  ['final differs', 'final'],
] as const)('logs a cancelled speculation once: %s', (reason, next) => {
  const { logged } = watchLines('debug');
  const processor = openProcessor();
  processor.interim('book a table', paused);
  processor[next]('book a table for two', paused);
  expect(logged()).toEqual([[{ reason, wastedTokens: 100 }, 'firstword: speculation cancelled']]);
});

it.each(['1', 'speculation', 'other, speculation'])(
  'writes to stderr with FIRSTWORD_DEBUG=%s if LiveKit logs no debug lines',
  (areas) => {
    vi.stubEnv('FIRSTWORD_DEBUG', areas);
    const { logged, written } = watchLines('info');
    const { interim, final } = openProcessor();
    interim('book a table', paused);
    final('book a table for two');
    expect(logged()).toEqual([]);
    expect(written()).toEqual([
      'firstword: speculation cancelled {"reason":"final differs","wastedTokens":100}\n',
    ]);
  },
);

it.each(['', '0', 'other'])('writes nothing with FIRSTWORD_DEBUG=%j and LiveKit at info', (areas) => {
  vi.stubEnv('FIRSTWORD_DEBUG', areas);
  const { logged, written } = watchLines('info');
  const { interim } = openProcessor({ speculation: { maxPerTurn: 0 } });
  interim('book a table', paused);
  expect([...logged(), ...written()]).toEqual([]);
});
