/** The smallest agent: parts on the session, no room. */
import { AgentSession } from '@firstword/livekit';
import { voice } from '@livekit/agents';
import { Caller, report } from './caller.js';
import { ScriptedLLM, ScriptedSTT, ScriptedTTS } from './scripted-parts.js';

const tts = new ScriptedTTS();
const session = new AgentSession({ stt: new ScriptedSTT(), llm: new ScriptedLLM(), tts });
const caller = new Caller(session);
await session.start({ agent: new voice.Agent({ instructions: 'You answer the telephone.' }) });
await report(session, { ...(await caller.call(process.argv[2]!)), given: tts.given });
