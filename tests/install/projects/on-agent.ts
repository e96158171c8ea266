/** LLM and TTS belong to the agent; the session has only the STT, and writes its turns into a folder. */
import { AgentSession } from '@firstword/livekit';
import { voice } from '@livekit/agents';
import { Caller, report } from './caller.js';
import { ScriptedLLM, ScriptedSTT, ScriptedTTS } from './scripted-parts.js';

const tts = new ScriptedTTS();
const session = new AgentSession({ stt: new ScriptedSTT(), firstword: { records: 'turns' } });
const caller = new Caller(session);
const agent = new voice.Agent({ instructions: 'You answer the telephone.', llm: new ScriptedLLM(), tts });
await session.start({ agent });
await report(session, { ...(await caller.call(process.argv[2]!)), given: tts.given });
