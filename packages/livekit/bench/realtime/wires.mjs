/** What the bench needs to know of each wire: LiveKit's plugin, and which segment has which of the injected times. */
import * as google from '@livekit/agents-plugin-google';
import * as openai from '@livekit/agents-plugin-openai';
import * as xai from '@livekit/agents-plugin-xai';

/** The emulator's profile. */
export const RTT_MS = 60;
export const CREATED_MS = 40;
/** Silence at the beginning of the answer's audio. GPT-Live's plugin does not pass on pieces that are silence. */
const LEADING_MS = 50;

const apiKey = 'any';
const serverVad = (silenceMs) => ({ type: 'server_vad', silence_duration_ms: silenceMs });
const openAiChecks = {
  'response created': ({ truth }) => truth.createdMs - truth.turnEndedMs,
  'model first audio': ({ truth }) => truth.firstContentMs - truth.createdMs,
  'leading silence': () => LEADING_MS,
};
/** On one clock with the tape: caller, agent and emulator run in one process. */
const firstOutput = ({ truth, tape }) => truth.firstContentMs + RTT_MS / 2 - tape.callerEndMs;

export const WIRES = {
  openai: {
    leadingSilenceMs: LEADING_MS,
    model: (urls, silenceMs) =>
      new openai.realtime.RealtimeModel({ apiKey, baseURL: urls.openai, turnDetection: serverVad(silenceMs) }),
    checks: {
      'provider turn detection': ({ truth }) => truth.turnEndAudioMs - truth.speechEndAudioMs,
      'provider round trip': () => RTT_MS,
      ...openAiChecks,
    },
  },
  xai: {
    leadingSilenceMs: LEADING_MS,
    model: (urls, silenceMs) =>
      new xai.realtime.RealtimeModel({ apiKey, baseURL: urls.xai, turnDetection: serverVad(silenceMs) }),
    checks: {
      'provider end of turn': ({ truth, tape }) => truth.turnEndedMs + RTT_MS / 2 - tape.callerEndMs,
      ...openAiChecks,
    },
  },
  'gpt-live': {
    leadingSilenceMs: 0,
    model: (urls) => new openai.realtime.GPTLiveModel({ apiKey, baseURL: urls['gpt-live'] }),
    checks: { 'provider end of turn and first output': firstOutput },
  },
  gemini: {
    leadingSilenceMs: LEADING_MS,
    model: (urls, silenceMs) =>
      new google.realtime.RealtimeModel({
        apiKey,
        httpOptions: { baseUrl: urls.gemini },
        realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: silenceMs } },
      }),
    checks: { 'provider end of turn and first output': firstOutput, 'leading silence': () => LEADING_MS },
  },
};
