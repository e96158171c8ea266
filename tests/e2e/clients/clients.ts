import { type InstalledClient, nodeClient, pythonClient } from './installed-clients.js';

/** A client library of the suite, and how to have it. */
export interface ClientCase {
  name: string;
  install(): Promise<InstalledClient>;
}

/** Versions of November 2026; for Node the last majors that run on Node 20. Those that need each other's versions share an environment, the others do not. */
const SDKS = ['openai==3.51.0', 'anthropic==2.10.0'];

const pythonSdks = (script: string) => pythonClient({ name: 'sdks', script, packages: SDKS });

/** LiveKit Agents for Python with its openai plugin. */
export const livekitClient = (script: string): Promise<InstalledClient> =>
  pythonClient({
    name: 'livekit',
    script,
    packages: ['livekit-agents==1.8.9', 'livekit-plugins-openai==1.8.9'],
  });

/** Pipecat with its OpenAI service. */
export const pipecatClient = (script: string): Promise<InstalledClient> =>
  pythonClient({ name: 'pipecat', script, packages: ['pipecat-ai[openai]==1.14.0'] });

/** Every client of the suite. */
export const CLIENTS: readonly ClientCase[] = [
  { name: 'openai for Python', install: () => pythonSdks('openai_sdk.py') },
  { name: 'anthropic for Python', install: () => pythonSdks('anthropic_sdk.py') },
  { name: 'LiveKit Agents for Python', install: () => livekitClient('livekit_session.py') },
  { name: 'Pipecat', install: () => pipecatClient('pipecat_service.py') },
  {
    name: 'openai for Node',
    install: () =>
      nodeClient({ name: 'openai', script: 'openai-sdk.mjs', packages: ['openai@6.49.0', 'zod@4.6.7'] }),
  },
  {
    name: 'anthropic for Node',
    install: () =>
      nodeClient({ name: 'anthropic', script: 'anthropic-sdk.mjs', packages: ['@anthropic-ai/sdk@1.10.0'] }),
  },
  {
    name: 'Vercel AI SDK',
    install: () =>
      nodeClient({
        name: 'ai',
        script: 'ai-sdk.mjs',
        packages: ['ai@6.0.325', '@ai-sdk/openai@3.0.141', '@ai-sdk/openai-compatible@2.0.92', 'zod@4.6.7'],
      }),
  },
];
