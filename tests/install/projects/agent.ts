import { llm, voice } from '@livekit/agents';
import { ScriptedLLM } from './scripted-parts.js';

/** The model belongs to the agent, not to the session. */
export class Assistant extends voice.Agent {
  constructor() {
    super({
      instructions: 'You answer the telephone of a shop. Your answers are short.',
      llm: new ScriptedLLM(),
      tools: {
        getWeather: llm.tool({
          description: 'The weather at a place.',
          parameters: { type: 'object', properties: { place: { type: 'string' } } },
          execute: async () => 'sunny',
        }),
      },
    });
  }
}
