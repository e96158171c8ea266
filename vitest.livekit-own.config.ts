import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * LiveKit's own tests of voice sessions, which its package ships, with Firstword's `AgentSession` in the place of LiveKit's. They
 * are read from `node_modules` and run on LiveKit's source there; none of them is part of this repository.
 */
const livekit = join(dirname(createRequire(import.meta.url).resolve('@livekit/agents')), '..', 'src');
const livekitSession = join(livekit, 'voice', 'agent_session.ts');
if (!existsSync(livekitSession))
  throw new Error(`${livekitSession} is gone: LiveKit has moved its AgentSession`);
const { version } = JSON.parse(readFileSync(join(livekit, '..', 'package.json'), 'utf8'));

/** The tests that make a session. Those that import its type alone would test LiveKit alone. */
const makesSession = /import \{[^}]*(?<!type )\bAgentSession\b[^}]*\} from '[./]+agent_session\.js'/;
const tests = readdirSync(join(livekit, 'voice'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join(livekit, 'voice', file))
  .filter((file) => makesSession.test(readFileSync(file, 'utf8')));

/** Stands for LiveKit's `voice/agent_session.ts` in its own tests. */
const SESSION_MODULE = '\0agent-session-of-firstword';
const sessionModule = `
export { AgentSession } from '@firstword/livekit';
export * from ${JSON.stringify(livekitSession)};
`;

export default defineConfig({
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  // One copy of LiveKit for its tests and for Firstword: its source.
  resolve: {
    alias: [{ find: /^@livekit\/agents$/, replacement: join(livekit, 'index.ts') }],
  },
  plugins: [
    {
      name: 'firstword-agent-session',
      enforce: 'pre',
      async resolveId(source, importer) {
        if (!importer?.startsWith(livekit + sep) || !importer.endsWith('.test.ts')) return undefined;
        const found = await this.resolve(source, importer, { skipSelf: true });
        if (found?.id !== livekitSession) return undefined;
        return SESSION_MODULE;
      },
      load: (id) => (id === SESSION_MODULE ? sessionModule : undefined),
    },
  ],
  test: {
    include: tests,
    exclude: [],
    setupFiles: ['tests/e2e/livekit-own/setup.ts'],
    server: { deps: { inline: [/@livekit\/agents/, /packages\/livekit\/dist/] } },
    testTimeout: 30_000,
    // LiveKit's adaptive interruption leaves a refused connection unhandled. One of its tests leads it to this address.
    onUnhandledError: ({ message }) => !message.includes('ECONNREFUSED 127.0.0.1:1'),
    // They wait in real time: a starved second on a shared machine fails one.
    retry: 2,
    pool: 'forks',
    maxWorkers: 2,
  },
});
