import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFirstwordError } from '@firstword/turn';
import { inference, initializeLogger, llm, stt, type tts, VAD, voice } from '@livekit/agents';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PreparedLLM } from '../llm/prepared-llm.js';
import { SessionObserver } from '../observe/observer.js';
import { attachEndpointing } from '../session/end-of-turn.js';
import { attachEagerSTT } from '../stt/attach.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { LocalSTT } from '../stt/local-stt.js';
import { loadPluginWithCopies, type PluginWithCopies } from '../testing/second-copy.js';
import { watchRoom } from '../transport/room/watch-room.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { assertSameCopy } from './same-copy.js';

const require = createRequire(import.meta.url);
const cjs: typeof import('@livekit/agents') = require('@livekit/agents');
const ourEntry = require.resolve('@livekit/agents');
const ourRoot = dirname(dirname(ourEntry));
const KEYS = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };

let plugin: PluginWithCopies;
beforeAll(async () => {
  initializeLogger({ pretty: false, level: 'silent' });
  plugin = await loadPluginWithCopies();
});
afterAll(() => rmSync(plugin.folder, { recursive: true }));

/** An object of a class, without what its constructor needs. */
const of = (made: { prototype: object }): never => Object.create(made.prototype) as never;

/** The error's message. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isFirstwordError(error, 'two_copies')) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('names the part, both copies, the plugin, and the command that leaves one', () => {
  const message = messageOf(() => assertSameCopy({ tts: new plugin.AcmeTTS() }));
  expect(message.split('\n')).toEqual([
    'two copies of @livekit/agents are loaded. LiveKit does not recognise objects of another copy: the agent says nothing, or a failed request ends the process.',
    `  Firstword uses 1.9.0 in ${ourRoot}`,
    `  \`tts\` (acme-tts 2.0.1) uses 1.9.3 in ${join(plugin.root, 'node_modules/@livekit/agents')}`,
    'To keep one: npm install @livekit/agents@1.9.3 && npm dedupe (npm ls @livekit/agents shows who brings which).',
    'If a package still brings its own, set "overrides": { "@livekit/agents": "$@livekit/agents" } in package.json.',
  ]);
});

it.each([
  ['STT', (a: typeof cjs) => of(a.stt.STT)],
  ['LLM', (a: typeof cjs) => of(a.llm.LLM)],
  ['RealtimeModel', (a: typeof cjs) => of(a.llm.RealtimeModel)],
  ['DuplexModel', (a: typeof cjs) => of(a.llm.DuplexModel)],
  ['TTS', (a: typeof cjs) => of(a.tts.TTS)],
  ['VAD', (a: typeof cjs) => of(a.VAD)],
  ['inference.VAD', (a: typeof cjs) => new a.inference.VAD()],
  ['inference.LLM', (a: typeof cjs) => new a.inference.LLM({ model: 'openai/gpt-4o-mini', ...KEYS })],
  ['TurnDetector', (a: typeof cjs) => of(a.inference.TurnDetector)],
  ['Agent', (a: typeof cjs) => new a.voice.Agent({ instructions: 'x' })],
  ['subclass of Agent', (a: typeof cjs) => of(class Mine extends a.voice.Agent {})],
  ['AgentTask', (a: typeof cjs) => of(a.voice.AgentTask)],
  ['AgentSession', (a: typeof cjs) => of(a.voice.AgentSession)],
  ['JobContext', (a: typeof cjs) => of(a.JobContext)],
])('detects: %s of another folder, and one loaded with require', (_kind, make) => {
  expect(messageOf(() => assertSameCopy({ given: make(plugin.agents) }))).toContain('`given` uses 1.9.3 in ');
  const message = messageOf(() => assertSameCopy({ given: make(cjs) }));
  expect(message).toContain('@livekit/agents 1.9.0 is loaded twice, with import and with require.');
  expect(message).toContain(`  Firstword loads ${join(ourRoot, 'dist/')}`);
  expect(message).toMatch(/`given` comes from .*\.cjs\nLoad it in one way: use import everywhere/);
});

it('detects a room of another copy of @livekit/rtc-node', () => {
  const message = messageOf(() => assertSameCopy({ room: of(plugin.rtc.Room) }));
  expect(message).toContain('two copies of @livekit/rtc-node are loaded');
  expect(message).toContain(`\`room\` uses 0.13.99 in ${plugin.root}`);
});

it('detects the same file under two URLs', async () => {
  const url = pathToFileURL(join(ourRoot, 'dist/stt/stt.js')).href;
  const again: typeof stt = await import(/* @vite-ignore */ `${url}?again`);
  const message = messageOf(() => assertSameCopy({ stt: of(again.STT) }));
  expect(message).toContain('is loaded twice. ');
  expect(message).toContain('make @livekit/agents external');
});

it('says of two copies of one version in pnpm that their peers differ', () => {
  vi.stubEnv('npm_config_user_agent', 'pnpm/10.4.1 npm/? node/v20.20.2 linux x64');
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(plugin.folder);
  const manifest = join(plugin.root, 'node_modules/@livekit/agents/package.json');
  const before = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, before.replace('1.9.3', '1.9.0'));
  const message = messageOf(() => assertSameCopy({ tts: new plugin.AcmeTTS() }));
  writeFileSync(manifest, before);
  cwd.mockRestore();
  vi.unstubAllEnvs();
  expect(message).toMatch(
    /Use the same versions of zod and @livekit\/rtc-node everywhere .*, then pnpm dedupe\.$/,
  );
});

it('without an inspector it names what it can', () => {
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  const message = messageOf(() => assertSameCopy({ tts: new plugin.AcmeTTS() }));
  builtin.mockRestore();
  expect(message).toContain(`Firstword uses 1.9.0 in ${ourRoot}`);
  expect(message).toContain('`tts` uses a copy whose folder was not found');
  expect(message).toContain('npm install @livekit/agents@1.9.0 && npm dedupe');
  expect(message).toContain('If only one is installed, it is loaded with import and with require');
});

it('finds the other copy from the program, without an inspector', () => {
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(plugin.root);
  const message = messageOf(() => assertSameCopy({ tts: new plugin.AcmeTTS() }));
  cwd.mockRestore();
  builtin.mockRestore();
  expect(message).toContain(`\`tts\` uses 1.9.3 in ${plugin.root}`);
});

it('detects a part that an agent or a session brings', () => {
  const foreign = new plugin.AcmeTTS() as tts.TTS;
  const agent = new voice.Agent({ instructions: 'x', tts: foreign });
  expect(messageOf(() => assertSameCopy({ agent }))).toContain('`agent.tts` (acme-tts 2.0.1) uses 1.9.3');
  const session = new voice.AgentSession({ tts: foreign });
  expect(messageOf(() => assertSameCopy({ session }))).toContain('`session.tts` (acme-tts 2.0.1)');
});

it('accepts this copy, subclasses, model names, absent parts and what is not of LiveKit', () => {
  class Mine extends voice.Agent {}
  class Model {}
  expect(() =>
    assertSameCopy({
      stt: 'deepgram/nova-3',
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini', ...KEYS }),
      tts: undefined,
      vad: new inference.VAD(),
      agent: new Mine({ instructions: 'x', llm: of(llm.RealtimeModel) }),
      session: new voice.AgentSession({}),
      other: new Model(),
      bare: Object.create(null),
      none: null,
      base: of(VAD),
      speech: of(stt.STT),
      detector: of(inference.TurnDetector),
    }),
  ).not.toThrow();
});

it.each([
  ['EagerSTT', () => new EagerSTT(of(plugin.agents.stt.STT))],
  ['EagerSTT, its VAD', () => new EagerSTT(of(stt.STT), { vad: of(plugin.agents.VAD) })],
  ['LocalSTT, its VAD', () => new LocalSTT({} as never, { vad: of(plugin.agents.VAD) })],
  ['ClauseTTS', () => new ClauseTTS(new plugin.AcmeTTS() as tts.TTS)],
  ['PreparedLLM', () => new PreparedLLM(of(plugin.agents.llm.LLM), () => undefined as never)],
  ['SessionObserver', () => new SessionObserver({ session: of(plugin.agents.voice.AgentSession) } as never)],
  ['attachEagerSTT', () => attachEagerSTT(of(plugin.agents.voice.AgentSession))],
  ['attachEndpointing', () => attachEndpointing(of(plugin.agents.voice.AgentSession))],
  ['watchRoom', () => watchRoom(of(plugin.agents.voice.AgentSession))],
])('%s refuses an object of another copy', (_name, make) => {
  expect(messageOf(make)).toContain('two copies of @livekit/agents are loaded');
});
