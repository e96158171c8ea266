import type { Sdk, WildStack } from './call.js';

type Llm = WildStack['llm'];

/** TTFT medians are rounded from what users print in public issues and from the vendors' own pages; ms. */
const LLMS: readonly (Llm & { nodeLabel: string })[] = [
  {
    model: 'gpt-4o-mini',
    provider: 'api.openai.com',
    label: 'livekit.plugins.openai.llm.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 430,
    reportsCached: true,
  },
  {
    model: 'gpt-4.1-mini',
    provider: 'api.openai.com',
    label: 'livekit.plugins.openai.llm.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 450,
    reportsCached: true,
  },
  {
    model: 'openai/gpt-oss-120b',
    provider: 'api.groq.com',
    label: 'livekit.plugins.groq.services.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 260,
    reportsCached: false,
  },
  {
    model: 'gemini-2.5-flash',
    provider: 'Gemini',
    label: 'livekit.plugins.google.llm.LLM',
    nodeLabel: 'google.LLM',
    ttftMs: 470,
    reportsCached: true,
  },
  {
    model: 'openai/gpt-4.1-mini',
    provider: 'livekit',
    label: 'livekit.agents.inference.llm.LLM',
    nodeLabel: 'inference.LLM',
    ttftMs: 440,
    reportsCached: true,
  },
  {
    model: 'claude-haiku-4-5',
    provider: 'api.anthropic.com',
    label: 'livekit.plugins.anthropic.llm.LLM',
    nodeLabel: 'inference.LLM',
    ttftMs: 560,
    reportsCached: true,
  },
];

/** Models that reason before they answer. */
const REASONING: readonly (Llm & { nodeLabel: string })[] = [
  {
    model: 'gpt-5-mini',
    provider: 'api.openai.com',
    label: 'livekit.plugins.openai.llm.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 650,
    reportsCached: true,
  },
  {
    model: 'gpt-5-nano',
    provider: 'api.openai.com',
    label: 'livekit.plugins.openai.llm.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 550,
    reportsCached: true,
  },
  {
    model: 'gpt-5',
    provider: 'api.openai.com',
    label: 'livekit.plugins.openai.llm.LLM',
    nodeLabel: 'openai.LLM',
    ttftMs: 700,
    reportsCached: true,
  },
];

const STTS = [
  {
    model: 'nova-3',
    provider: 'Deepgram',
    label: 'livekit.plugins.deepgram.stt.STT',
    nodeLabel: 'deepgram.STT',
    finalMs: 240,
  },
  {
    model: 'nova-2',
    provider: 'Deepgram',
    label: 'livekit.plugins.deepgram.stt.STT',
    nodeLabel: 'deepgram.STT',
    finalMs: 260,
  },
  {
    model: 'deepgram/nova-3',
    provider: 'livekit',
    label: 'livekit.agents.inference.stt.STT',
    nodeLabel: 'inference.STT',
    finalMs: 250,
  },
] as const;

const TTSS = [
  {
    model: 'sonic-2',
    provider: 'Cartesia',
    label: 'livekit.plugins.cartesia.tts.TTS',
    nodeLabel: 'cartesia.TTS',
    ttfbMs: 160,
  },
  {
    model: 'eleven_flash_v2_5',
    provider: 'ElevenLabs',
    label: 'livekit.plugins.elevenlabs.tts.TTS',
    nodeLabel: 'elevenlabs.TTS',
    ttfbMs: 190,
  },
  {
    model: 'cartesia/sonic-3',
    provider: 'livekit',
    label: 'livekit.agents.inference.tts.TTS',
    nodeLabel: 'inference.TTS',
    ttfbMs: 180,
  },
] as const;

/** Versions of the frameworks, one for each wording: their log lines differ. */
export const VERSIONS: Readonly<Record<Sdk, readonly string[]>> = {
  python: ['1.2.0', '1.4.0', '1.7.0'],
  node: ['1.7.0', '1.9.0', '1.9.0'],
  pipecat: ['0.0.60', '0.0.95', '1.7.0'],
  vapi: ['1', '1', '1'],
  retell: ['2', '2', '2'],
};

/** The models of a call: `index` selects them. */
export function stackOf(sdk: Sdk, index: number, isReasoning = false): WildStack {
  const llms = isReasoning ? REASONING : LLMS;
  const llm = llms[index % llms.length]!;
  const stt = STTS[index % STTS.length]!;
  const tts = TTSS[(index >> 1) % TTSS.length]!;
  const labelled = <T extends { label: string; nodeLabel: string }>({ nodeLabel, ...one }: T) => ({
    ...one,
    label: sdk === 'node' ? nodeLabel : one.label,
  });
  return { llm: labelled(llm), stt: labelled(stt), tts: labelled(tts) };
}
