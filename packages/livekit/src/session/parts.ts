import { inference, llm, type stt, type tts, type voice } from '@livekit/agents';

type Given = Pick<voice.AgentSessionOptions, 'stt' | 'llm' | 'tts'>;

/** The parts of a session, each as an object. */
export interface SessionParts {
  stt?: stt.STT | undefined;
  /** Absent for a duplex model, which LiveKit wraps itself. */
  llm?: llm.LLM | llm.RealtimeModel | undefined;
  tts?: tts.TTS | undefined;
}

/** Turns model names into LiveKit Inference objects, as a session would: they must exist before they can be wrapped. */
export function resolveParts({ stt, llm: model, tts }: Given): SessionParts {
  return {
    stt: typeof stt === 'string' ? inference.STT.fromModelString(stt) : stt,
    llm:
      typeof model === 'string'
        ? inference.LLM.fromModelString(model)
        : model instanceof llm.DuplexModel
          ? undefined
          : model,
    tts: typeof tts === 'string' ? inference.TTS.fromModelString(tts) : tts,
  };
}
