const OWN_PARTS =
  'It looks for the user’s STT, LLM or TTS in LiveKit’s private activity, or counts the listeners on it. Firstword’s wrapper stands ' +
  'there; `session.tts`, `agent.tts` and so on show the user’s.';
const LISTENERS =
  'It counts the listeners on a part that was exchanged. Firstword’s wrapper listens to it until the session closes, and keeps a ' +
  'late error from ending the process after that.';

const LIVEKIT_ALONE =
  'It fails with LiveKit’s own AgentSession, too, where LiveKit’s package is installed from npm.';

/** LiveKit's tests that fail with Firstword in place, by name, with the reason why they should. One that passes is an error, too. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'AgentSession text-only gating > explicitly disables audio recording for text simulations':
    'Its STT is an empty object. Firstword asks each STT for its capabilities, which every LiveKit STT has.',
  'AgentSession user transcription timeout event > emits user_transcription_timeout to a session listener when only an interim transcript arrives':
    'The caller’s words, which the STT never confirms, are answered after a silence instead of being lost: the speculation lever.',
  'AvatarSession base > logs at debug and completes cleanup when the avatar participant is not found':
    LIVEKIT_ALONE,
  'AvatarSession base > warns with the original error and completes cleanup when participant removal fails':
    LIVEKIT_ALONE,
  'Agent.updateOptions > undefined is the same as omitted > leaves a running agent alone when every field is undefined':
    OWN_PARTS,
  'Agent.updateOptions > while running > swaps tts and moves the listeners to it': OWN_PARTS,
  'Agent.updateOptions > while running > uses session fallbacks when omitted and suppresses all four with null':
    OWN_PARTS,
  'Agent.updateOptions > rollback > rolls the whole update back when LLM prewarm throws': OWN_PARTS,
  'Agent.updateOptions > rollback > rolls the whole update back when TTS prewarm throws': OWN_PARTS,
  'Agent.updateOptions > rollback > restores STT recognition and keyterm ownership when the keyterm swap throws':
    'It counts the listeners of the session. Firstword listens to it, too.',
  'Agent.updateOptions > concurrency > keeps a queued update state-only while a handoff has the activity paused':
    LISTENERS,
  'Agent.updateOptions > leaves no listeners on any model after sequential swaps and close': LISTENERS,
};
