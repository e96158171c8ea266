/** An agent whose TTS is a plugin's. The plugin is these same scripted parts, packed and installed by the suite. */
import { AgentSession } from '@firstword/livekit';
import { voice } from '@livekit/agents';
import { Caller, report } from './caller.js';
import { ScriptedLLM, ScriptedSTT, type ScriptedTTS } from './scripted-parts.js';

const plugin = '@acme/tts';
const { ScriptedTTS: AcmeTTS } = (await import(plugin)) as { ScriptedTTS: new () => ScriptedTTS };
const tts = new AcmeTTS();
const session = new AgentSession({ stt: new ScriptedSTT(), llm: new ScriptedLLM(), tts });
const caller = new Caller(session);
await session.start({ agent: new voice.Agent({ instructions: 'You answer the telephone.' }) });
await report(session, { ...(await caller.call(process.argv[2]!)), given: tts.given });
