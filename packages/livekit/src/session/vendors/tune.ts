import { inference, type stt, type tts } from '@livekit/agents';
import { hasEagerThreshold } from '../../internals/flux-options.js';
import { ttsPart } from './part.js';

/** Options that Firstword has set on an STT or TTS, by name. */
export type TunedOptions = Readonly<Record<string, unknown>>;

/** From this probability of an end of the turn, Deepgram Flux reports a likely one; LiveKit Inference's default. */
const EAGER_EOT_THRESHOLD = 0.5;

/** The options that were set on a part, so that a later session with the same part reports them too. */
const tuned = new WeakMap<object, TunedOptions>();

function once(part: object, tune: () => TunedOptions): TunedOptions {
  const options = tuned.get(part) ?? tune();
  tuned.set(part, options);
  return options;
}

/** Deepgram Flux, by LiveKit's plugin. */
interface Flux extends stt.STT {
  updateOptions(options: { eagerEotThreshold: number }): void;
}

const isFlux = (part: stt.STT): part is Flux => part.label === 'deepgram.STTv2' && 'updateOptions' in part;

/**
 * Makes Deepgram Flux report likely ends of turns, unless `eagerEotThreshold` was set. LiveKit Inference requests them by
 * default; LiveKit's plugin does not.
 * @returns what was set
 */
export function tuneSTT(part: stt.STT): TunedOptions {
  return once(part, () => {
    if (!isFlux(part) || hasEagerThreshold(part)) return {};
    part.updateOptions({ eagerEotThreshold: EAGER_EOT_THRESHOLD });
    return { eagerEotThreshold: EAGER_EOT_THRESHOLD };
  });
}

/**
 * Sets `max_buffer_delay_ms` to 0 for Cartesia through LiveKit Inference, unless it was set. Its default would wait up to 3 s
 * for more text after each clause.
 * @returns what was set
 */
export function tuneTTS(voice: tts.TTS): TunedOptions {
  return once(voice, () => {
    if (!(voice instanceof inference.TTS) || !voice.model.startsWith('cartesia/')) return {};
    if (ttsPart(voice).options.max_buffer_delay_ms !== undefined) return {};
    voice.updateOptions({ modelOptions: { max_buffer_delay_ms: 0 } });
    return { 'modelOptions.max_buffer_delay_ms': 0 };
  });
}
