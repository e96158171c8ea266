import type { VendorPart } from './part.js';

/** Advice about one STT or TTS: what to set when it is created. */
export interface VendorAdvice {
  /** The part's class, such as `deepgram.STTv2`. */
  part: string;
  /** The setting costs time now. Otherwise the advice is general, or the setting is not visible. */
  isProblem: boolean;
  /** What to do, and why. */
  text: string;
  /** The options that do it, as the part's constructor takes them. */
  options?: Readonly<Record<string, string | number | boolean>>;
  /** Where the vendor, or the plugin, says so. */
  source: string;
}

type Found = Omit<VendorAdvice, 'part'> | undefined;
type Rule = (part: VendorPart) => Found;

const PLUGINS = 'https://github.com/livekit/agents-js/tree/main/plugins';
const INFERENCE = 'https://github.com/livekit/agents-js/tree/main/agents/src/inference';

const noInterims: Rule = ({ kind, streaming, interims, label, options }): Found => {
  if (kind !== 'stt') return undefined;
  const source = 'docs/speculation.md';
  if (!streaming) {
    const text =
      'sends no words before the caller has stopped, so there is nothing to speculate on. Use a streaming model.';
    return { isProblem: true, text, source };
  }
  if (interims && options.interim_results !== false) return undefined;
  const text = 'sends no interim transcripts, so an answer starts only at the final one. Switch them on.';
  const option = label === 'inference.STT' ? 'interim_results' : 'interimResults';
  return { isProblem: true, text, options: { [option]: true }, source };
};

const deepgramNova: Rule = ({ label }): Found => {
  if (label !== 'deepgram.STT') return undefined;
  return {
    isProblem: false,
    text: 'waits `endpointing` ms of silence for a final transcript; the plugin’s defaults are the fast ones. Keep them.',
    options: { interimResults: true, endpointing: 25, noDelay: true },
    source: `${PLUGINS}/deepgram/src/stt.ts`,
  };
};

const deepgramFlux: Rule = ({ label }): Found => {
  if (label !== 'deepgram.STTv2') return undefined;
  return {
    isProblem: false,
    text: 'reports a likely end of the turn only if `eagerEotThreshold` is set (0.3–0.9, lower is earlier); the plugin sets none.',
    options: { eagerEotThreshold: 0.5 },
    source: 'https://developers.deepgram.com/docs/flux/configuration',
  };
};

const assemblyAi: Rule = ({ label }): Found => {
  if (label !== 'assemblyai.STT') return undefined;
  return {
    isProblem: false,
    text: 'gives a final transcript after `minTurnSilence`: 100 ms, unless `mode` leaves it to the server. `formatTurns` waits for a formatted one on top.',
    options: { minTurnSilence: 100, maxTurnSilence: 100 },
    source: `${PLUGINS}/assemblyai/src/stt.ts`,
  };
};

const soniox: Rule = ({ label }): Found => {
  if (label !== 'soniox.STT') return undefined;
  return {
    isProblem: false,
    text: 'ends a segment at the latest after `maxEndpointDelayMs` (500 is the least); `endpointLatencyAdjustmentLevel` (0–3) makes it end sooner, and cut more callers off.',
    options: { maxEndpointDelayMs: 500 },
    source: `${PLUGINS}/soniox/src/stt.ts`,
  };
};

const elevenLabs: Rule = ({ label, model }): Found => {
  const isPlugin = label === 'elevenlabs.TTS';
  if (!isPlugin && !(label === 'inference.TTS' && model.startsWith('elevenlabs/'))) return undefined;
  const source = 'https://elevenlabs.io/docs/api-reference/reducing-latency';
  if (!model.includes('flash')) {
    const flash = isPlugin ? 'eleven_flash_v2_5' : 'elevenlabs/eleven_flash_v2_5';
    const text = `speaks with ${model}; ElevenLabs gives its Flash models 75 ms, Turbo about 300. Flash sounds a little plainer.`;
    return { isProblem: true, text, options: { model: flash }, source };
  }
  if (!isPlugin) return undefined;
  const text =
    'speaks each clause as it comes while `autoMode` is on, which `chunkLengthSchedule` switches off. Leave both alone.';
  return { isProblem: false, text, options: { autoMode: true }, source: `${PLUGINS}/elevenlabs/src/tts.ts` };
};

const cartesia: Rule = ({ label, model, options }): Found => {
  const source = 'https://docs.cartesia.ai/use-the-api/tts-websocket/buffering';
  if (label === 'cartesia.TTS') {
    const text =
      'gets no buffering from its plugin, which is right for clauses. An LLM that pauses for longer than `chunkTimeout` in mid-answer ends the answer.';
    return { isProblem: false, text, options: { chunkTimeout: 5000 }, source };
  }
  if (label !== 'inference.TTS' || !model.startsWith('cartesia/')) return undefined;
  const delayMs = options.max_buffer_delay_ms;
  if (typeof delayMs !== 'number' || delayMs === 0) return undefined;
  const text = `may wait ${delayMs} ms for more text after a clause that is complete. Set max_buffer_delay_ms to 0.`;
  return { isProblem: true, text, options: { max_buffer_delay_ms: 0 }, source };
};

const inferenceDeepgram: Rule = ({ label, model, options }): Found => {
  if (label !== 'inference.STT' || !model.startsWith('deepgram/')) return undefined;
  const endpointing = options.endpointing;
  if (typeof endpointing !== 'number' || endpointing <= 25) return undefined;
  const text = `waits ${endpointing} ms of silence for a final transcript; its own default is 25.`;
  return { isProblem: true, text, options: { endpointing: 25 }, source: `${INFERENCE}/stt.ts` };
};

const nonStreamingTTS: Rule = ({ kind, streaming, label }): Found => {
  if (kind !== 'tts' || streaming || label.startsWith('firstword.')) return undefined;
  const text = 'takes a request for each clause. One that streams keeps its connection and its intonation.';
  return { isProblem: false, text, source: 'docs/vendors.md' };
};

/** All rules. Each gives at most one piece of advice about a part. */
export const RULES: readonly Rule[] = [
  noInterims,
  deepgramNova,
  deepgramFlux,
  inferenceDeepgram,
  assemblyAi,
  soniox,
  elevenLabs,
  cartesia,
  nonStreamingTTS,
];
