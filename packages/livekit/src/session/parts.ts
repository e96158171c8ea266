import { inference, type llm, type stt, type tts } from '@livekit/agents';
import type { CascadeParts } from './preset.js';

/** Parts as `AgentSession` takes them: a string names a model of LiveKit Inference ("deepgram/nova-3:en"). */
export interface NamedParts extends Omit<CascadeParts, 'stt' | 'llm' | 'tts'> {
  stt: stt.STT | inference.STTModelString;
  llm: llm.LLM | inference.LLMModels;
  tts: tts.TTS | inference.TTSModelString;
}

/** Turns model names into LiveKit Inference objects, as a session would: they must exist before they can be wrapped. */
export function resolveParts<P extends NamedParts>(parts: P): Omit<P, 'stt' | 'llm' | 'tts'> & CascadeParts {
  const { stt, llm, tts } = parts;
  return {
    ...parts,
    stt: typeof stt === 'string' ? inference.STT.fromModelString(stt) : stt,
    llm: typeof llm === 'string' ? inference.LLM.fromModelString(llm) : llm,
    tts: typeof tts === 'string' ? inference.TTS.fromModelString(tts) : tts,
  };
}
