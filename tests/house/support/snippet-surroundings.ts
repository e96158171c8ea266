/**
 * What a reader of a snippet has beside it: instances of their own, which a snippet may use without declaring them. Each
 * is declared only where a snippet uses the name and does not declare it itself.
 */
export const PLACEHOLDERS: Record<string, string> = {
  stt: 'agents.stt.STT',
  tts: 'agents.tts.TTS',
  llm: 'agents.llm.LLM',
  vad: 'agents.VAD',
  myTts: 'agents.tts.TTS',
  session: 'agents.voice.AgentSession',
  ctx: 'agents.JobContext',
  chatCtx: 'agents.llm.ChatContext',
  agent: 'string',
  model: 'string',
  models: 'LanguageModel[]',
  a: 'LanguageModel',
  b: 'LanguageModel',
  first: 'agents.tts.TTS',
  second: 'agents.tts.TTS',
  near: 'LanguageModel',
  far: 'LanguageModel',
  prepare: 'Prepare',
  messages: 'ChatMessage[]',
  count: "Parameters<typeof trimHistory>[1]['count']",
  previousRequest: 'Parameters<typeof lintPrefix>[0]',
  request: 'Parameters<typeof lintPrefix>[1]',
  all: 'Record<string, unknown>',
  /** The reader's own. */
  cache: '{ start(words: string): void }',
  lookUp: '(args: unknown) => Promise<string>',
  greetingFrames: "() => NonNullable<NonNullable<Parameters<agents.voice.AgentSession['say']>[1]>['audio']>",
  token: "import('livekit-server-sdk').AccessToken",
  agentName: 'string',
  agentFile: 'string',
  url: 'string',
  apiKey: 'string',
  apiSecret: 'string',
  signal: 'AbortSignal',
};

/** Names that mean something else in a snippet that matches. */
export const EXCEPTIONS: { name: string; where: RegExp; is: string }[] = [
  { name: 'model', where: /FirstwordLLM\(model\)/, is: 'LanguageModel' },
  { name: 'a', where: /FallbackAdapter/, is: 'agents.llm.LLM' },
  { name: 'b', where: /FallbackAdapter/, is: 'agents.llm.LLM' },
  { name: 'ctx', where: /ctx\.session/, is: 'agents.voice.RunContext' },
];

/** A name of LiveKit's that is a namespace there, and one of the placeholders: used like this it is the namespace. */
export const NAMESPACE_USE = /\b(llm|stt|tts)\.(?=[A-Z]|tool\b)|\b(metrics)\.(?=log)/g;

/**
 * LiveKit's plugins, which the snippets do not import: the options that the snippets use, as the type declarations of version
 * 1.9.0 have them (read on 30 November 2026). Other options are errors, so that none is invented.
 */
export const PLUGINS: Record<string, string> = {
  openai: `{
    LLM: new (options: {
      model?: string; baseURL?: string; maxCompletionTokens?: number; serviceTier?: string; reasoningEffort?: string;
      parallelToolCalls?: boolean;
    }) => agents.llm.LLM;
    realtime: { RealtimeModel: new (options: {
      apiKey?: string; baseURL?: string; modalities?: ('text' | 'audio')[];
      turnDetection?:
        | { type: 'semantic_vad'; eagerness?: 'auto' | 'low' | 'medium' | 'high' }
        | { type: 'server_vad'; silence_duration_ms?: number };
    }) => agents.llm.RealtimeModel };
  }`,
  deepgram: `{
    STT: new (options: {
      model?: string; smartFormat?: boolean; punctuate?: boolean; numerals?: boolean; endpointing?: number;
      noDelay?: boolean; interimResults?: boolean;
    }) => agents.stt.STT;
    STTv2: new (options: { model?: string; eagerEotThreshold?: number }) => agents.stt.STT;
  }`,
  elevenlabs: '{ TTS: new (options: { model?: string }) => agents.tts.TTS }',
  google: `{
    realtime: { RealtimeModel: new (options: {
      realtimeInputConfig?: { automaticActivityDetection?: { silenceDurationMs?: number } };
    }) => agents.llm.RealtimeModel };
  }`,
  silero: '{ VAD: { load(): Promise<agents.VAD> } }',
};

/** Packages whose exports a snippet may use without an import; the first that has a name is meant. */
export const PACKAGES = [
  '@firstword/livekit',
  '@firstword/llm',
  '@firstword/records',
  '@livekit/agents',
  '@livekit/rtc-node',
  'livekit-server-sdk',
];
