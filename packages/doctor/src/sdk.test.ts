import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from './finding.js';
import { inPython, inSdk, PYTHON_NAMES } from './sdk.js';
import OPTIONS from './testing/python-options.json' with { type: 'json' };

const RULES = new URL('./rules/', import.meta.url);
const PAGES = new URL('../../../docs/doctor/', import.meta.url);

/** Each Python snippet of the rules and of their pages, with where it is. */
function pythonSnippets(): { place: string; code: string }[] {
  const rules = readdirSync(RULES)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(new URL(file, RULES), 'utf8');
      return [...text.matchAll(/python:\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g)].map((found) => ({
        place: file,
        code: (found[1] ?? found[2]!).replaceAll('\\n', '\n').replaceAll("\\'", "'"),
      }));
    });
  const pages = readdirSync(PAGES).flatMap((file) =>
    [...readFileSync(new URL(file, PAGES), 'utf8').matchAll(/^```python\n([\s\S]*?)^```/gm)].map((found) => ({
      place: file,
      code: found[1]!,
    })),
  );
  return [...rules, ...pages];
}

/** The text between the bracket at `from` and the one that closes it. */
function within(code: string, from: number): string {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if ('([{'.includes(code[at]!)) depth += 1;
    if (')]}'.includes(code[at]!)) depth -= 1;
    if (depth === 0) return code.slice(from + 1, at);
  }
  return code.slice(from + 1);
}

/** Names that belong to the reader, to Python or to a library that is not LiveKit's. */
const OTHERS =
  /^(print|any|abs|json\.dumps|ev\.item\.model_dump|logger\.info|find|read_rows|cache\.start|asyncio\.to_thread|asyncio\.get_running_loop|call_later|late\.cancel|look_up|greeting_frames|def \w+|async def \w+)$/;
/** Names of LiveKit's Python packages that the generated list does not cover: livekit-api and livekit-plugins-silero. */
const UNLISTED = ['token.with_room_config', 'RoomConfiguration', 'RoomAgentDispatch', 'silero.VAD.load'];
const CALLABLES: Readonly<Record<string, readonly string[]>> = OPTIONS.callables;
const KEYS = new Set(Object.values(OPTIONS.keys).flat());

/** A text without what is in brackets. */
function withoutBrackets(text: string): string {
  const shorter = text.replace(/\([^()]*\)|\{[^{}]*\}/g, '');
  return shorter === text ? text : withoutBrackets(shorter);
}

/** What a snippet names that LiveKit's Python packages of the checked-in version do not have. */
function unknownNames(code: string): string[] {
  const plain = code.replace(/#.*$/gm, '');
  const calls = [...plain.matchAll(/((?:async )?(?:def )?[A-Za-z_][\w.]*)\(/g)].flatMap((call) => {
    const name = call[1]!.replace(/^context\.session\./, 'session.');
    if (OTHERS.test(name) || UNLISTED.includes(name)) return [];
    const known = CALLABLES[name];
    if (!known) return [`${name}()`];
    const inner = withoutBrackets(within(plain, call.index + call[0].length - 1));
    return [...inner.matchAll(/(?:^|[,(\s])(\w+)=/g)]
      .map(([, option]) => option!)
      .filter((option) => name !== 'session.on' && !known.includes(option))
      .map((option) => `${name}(${option}=)`);
  });
  const isTurnHandling = plain.includes('turn_handling');
  const keys = [...plain.matchAll(/"(\w+)":/g)].flatMap(([, key]) =>
    !isTurnHandling || KEYS.has(key!) ? [] : [`"${key}"`],
  );
  const events = [...plain.matchAll(/session\.on\("(\w+)"\)/g)].flatMap(([, event]) =>
    OPTIONS.events.includes(event!) ? [] : [`session.on("${event}")`],
  );
  return [...calls, ...keys, ...events];
}

it('names only what LiveKit’s Python packages have', () => {
  const snippets = pythonSnippets();
  expect(snippets.length).toBeGreaterThan(25);
  expect(
    snippets.flatMap(({ place, code }) => unknownNames(code).map((name) => `${place}: ${name}`)),
  ).toEqual([]);
});

it.each([
  ['openai.LLM(modle="x")', ['openai.LLM(modle=)']],
  ['AgentSession(turn_handling={"endpointing": {"least_delay": 1}})', ['"least_delay"']],
  ['cartesia.TTS(max_buffer_delay_ms=0)', ['cartesia.TTS()']],
  ['@session.on("turn_over")', ['session.on("turn_over")']],
])('finds what does not exist in %s', (code, names) => {
  expect(unknownNames(code)).toEqual(names);
});

/** The sources of the installed Node SDK, in one text. */
function nodeSources(): string {
  const root = join(dirname(createRequire(import.meta.url).resolve('@livekit/agents')), '..', 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

it('translates names that both SDKs have', () => {
  const node = nodeSources();
  const hooks = ['on_user_turn_completed', 'tts_node'];
  for (const [name, python] of Object.entries(PYTHON_NAMES)) {
    expect(new RegExp(`\\b${name}\\b`).test(node), name).toBe(true);
    expect(KEYS.has(python) || hooks.includes(python), python).toBe(true);
  }
  expect(inPython('Lower `minDelay`; see `onUserTurnCompleted`')).toBe(
    'Lower `min_delay`; see `on_user_turn_completed`',
  );
});

const FINDING = {
  rule: 'a',
  part: 'end of turn',
  verdict: '`maxDelay` ran out',
  evidence: [{ text: '`maxDelay`', turns: 0, examples: [] }],
  confidence: { value: 0.8, why: 'it is `maxDelay`' },
  check: 'ok',
  fix: {
    livekit: { text: 'Lower `maxDelay`', code: 'node()', python: 'python()' },
    firstword: { text: 'Use Firstword', code: 'firstword()' },
  },
} as unknown as Finding;

it('shows the reader’s SDK: its names, its code, and no layer that it cannot use', () => {
  const { verdict, fix } = inSdk(FINDING, 'python');
  expect(verdict).toBe('`max_delay` ran out');
  expect(fix).toEqual({
    livekit: { text: 'Lower `max_delay`', code: 'python()' },
    firstword: { text: 'Lower `max_delay`', code: 'python()' },
  });
  expect(inSdk(FINDING, 'node').fix.livekit.code).toBe('node()');
  expect(inSdk(FINDING, undefined).fix.livekit.code).toBe('node()\n# Python: python()');
});

it('gives agents of other frameworks no code of LiveKit’s', () => {
  const remedy = { text: 'Lower `minDelay`', code: 'turnHandling: { endpointing: { minDelay: 300 } }' };
  const { fix } = inSdk(
    { fix: { livekit: remedy, firstword: { text: 'Use Firstword' } } } as Finding,
    'none',
  );
  const text = 'In LiveKit’s terms, for which your framework has its own: Lower `minDelay`';
  expect(fix).toEqual({ livekit: { text }, firstword: { text } });
});
