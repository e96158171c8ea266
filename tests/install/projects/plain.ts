/** The smallest agent: parts on the session, no room. */
import { attachLowLatency, lowLatency } from '@firstword/livekit';
import { voice } from '@livekit/agents';
import { Caller, report } from './caller.js';
import { ScriptedLLM, ScriptedSTT, ScriptedTTS } from './scripted-parts.js';

const tts = new ScriptedTTS();
const session = new voice.AgentSession(lowLatency({ stt: new ScriptedSTT(), llm: new ScriptedLLM(), tts }));
attachLowLatency(session);
const caller = new Caller(session);
await session.start({ agent: new voice.Agent({ instructions: 'You answer the telephone.' }) });
await report(session, { ...(await caller.call(process.argv[2]!)), given: tts.given });
