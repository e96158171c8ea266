import type { Rule } from '../rule.js';
import { helloFinding } from './hello-waits.js';

const MIN_CALLS = 2;
/** From a cached greeting to its first frame, ms. */
const CACHED_MS = 20;

/** Finds greetings that are generated, or synthesized anew, for every call. */
export const helloGenerated: Rule = {
  id: 'hello-generated',
  title: 'The LLM writes the greeting',
  looksFor: 'greetings that are generated, or synthesized anew, for every call',
  needs: 'Firstword’s records of calls',
  part: 'hello',
  examine({ hellos }) {
    const own = hellos.filter(({ greeting }) => greeting !== 'cached');
    if (own.length < MIN_CALLS) return [];
    const generated = own.filter(({ greeting }) => greeting === 'generated').length;
    const how =
      generated * 2 >= own.length ? 'The LLM writes the greeting' : 'The greeting is synthesized anew';
    return helloFinding(this, own, {
      names: ['to the LLM', 'LLM first content', 'first clause', 'hand-off to the TTS', 'TTS first byte'],
      remainsMs: CACHED_MS,
      verdict: (calls, of, middle) =>
        `${how} in ${calls} of ${of} calls, and the caller waits ${middle} for it. A fixed greeting can be played from a cache.`,
      assumes: 'the greeting is the same text in every call, and its audio is cached',
      confidence: 0.75,
      why: 'the waits were timed; whether the text could be fixed is not in the records',
      fix: {
        livekit: {
          text: 'Say a fixed text, with audio that you have synthesized once',
          code: "session.say('Hello, how can I help?', { audio: greetingFrames() });",
          python: 'await session.say("Hello, how can I help?", audio=greeting_frames())',
        },
        firstword: {
          text: 'Give the greeting to the session, and a cache for its audio',
          code: "new AgentSession({ stt, llm, tts, firstword: { greeting: 'Hello, how can I help?', phrases: { cache: new PhraseCache({ dir: 'phrases' }), texts: [], voice: 'the voice’s name' } } })",
        },
      },
      check:
        '`greeting` is `cached` in the records of calls, and `firstword report --budget hello.p95=1500` exits with 0.',
    });
  },
};
