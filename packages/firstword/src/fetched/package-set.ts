/** Packages that some commands need and that are too large to come with the command itself. They are fetched once. */
export interface PackageSet {
  /** Names the folder in the cache. */
  name: 'calls' | 'hosted-speech' | 'realtime';
  /** What they are, for messages. */
  what: string;
  /** Packages to resolve, each from the one before it, starting at this package. Versions are compared for our own. */
  needed: readonly (readonly string[])[];
  /** Direct dependencies of the fetched tree besides this package; exact versions. `self`: this package's own version. */
  dependencies: Readonly<Record<string, string>>;
  /** About how much is downloaded, MB; measured on Linux x64 on 30 November 2026. */
  downloadMb: number;
  /** About how much it takes on disk, MB. */
  diskMb: number;
  /** What to say instead of fetching. */
  install?: string;
}

/** LiveKit Agents and the embedded speech, for commands that play or answer calls. */
export const CALLS: PackageSet = {
  name: 'calls',
  what: 'LiveKit Agents and the embedded speech',
  needed: [
    ['@firstword/calls'],
    ['@firstword/livekit', '@livekit/agents'],
    ['@firstword/livekit', '@livekit/rtc-node'],
    ['@firstword/local', 'onnxruntime-node'],
  ],
  dependencies: {
    '@firstword/calls': 'self',
    '@firstword/livekit': 'self',
    '@firstword/local': 'self',
    '@livekit/agents': '1.9.0',
    '@livekit/rtc-node': '0.13.34',
    'onnxruntime-node': '1.24.3',
  },
  downloadMb: 210,
  diskMb: 400,
};

/** LiveKit's plugins of hosted speech services, besides. */
export const HOSTED_SPEECH: PackageSet = {
  ...CALLS,
  name: 'hosted-speech',
  what: 'LiveKit Agents, its speech plugins and the embedded speech',
  needed: [
    ...CALLS.needed,
    ['@firstword/livekit', '@livekit/agents-plugin-cartesia'],
    ['@firstword/livekit', '@livekit/agents-plugin-deepgram'],
    ['@firstword/livekit', '@livekit/agents-plugin-elevenlabs'],
  ],
  dependencies: {
    ...CALLS.dependencies,
    '@livekit/agents-plugin-cartesia': '1.8.1',
    '@livekit/agents-plugin-deepgram': '1.9.0',
    '@livekit/agents-plugin-elevenlabs': '1.9.0',
  },
};

/** LiveKit's plugin of realtime models, besides. */
export const REALTIME: PackageSet = {
  ...HOSTED_SPEECH,
  name: 'realtime',
  what: 'LiveKit Agents, its speech and realtime plugins and the embedded speech',
  needed: [
    ...HOSTED_SPEECH.needed,
    ['@firstword/livekit', '@livekit/agents-plugin-google'],
    ['@firstword/livekit', '@livekit/agents-plugin-openai'],
    ['@firstword/livekit', '@livekit/agents-plugin-xai'],
  ],
  dependencies: {
    ...HOSTED_SPEECH.dependencies,
    '@livekit/agents-plugin-google': '1.9.0',
    '@livekit/agents-plugin-openai': '1.9.0',
    '@livekit/agents-plugin-xai': '1.9.0',
  },
};

/** The same for a caller that hears no words: its voice, but no speech recognition. */
export const CALLER: PackageSet = {
  ...CALLS,
  needed: CALLS.needed.filter((chain) => !chain.includes('onnxruntime-node')),
};

/**
 * For the user's own agent: it must run with the copy of LiveKit Agents that it imports itself, because two copies do not
 * know each other.
 */
export const PROJECT: PackageSet = {
  ...CALLS,
  needed: [['@firstword/livekit', '@livekit/agents']],
  install:
    'Your own agent runs with the @livekit/agents of its project, so the command must be installed there: npm install firstword @firstword/livekit',
};

/** For models that the user's own agent runs: they are of use only in its project. */
export const LOCAL: PackageSet = {
  ...CALLS,
  needed: [['@firstword/local']],
  install:
    'The model runs in your agent, with a package of its project: npm install firstword @firstword/local, and npm install --ignore-scripts onnxruntime-node@1.24.3',
};

/** The `package.json` of a fetched tree. It contains this package too, so that one tree has one copy of everything. */
export function manifestOf(set: PackageSet, version: string): string {
  const dependencies = Object.fromEntries(
    Object.entries({ firstword: 'self', ...set.dependencies }).map(([name, wanted]) => [
      name,
      wanted === 'self' ? version : wanted,
    ]),
  );
  const manifest = { name: `firstword-${set.name}`, version, private: true, dependencies };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
