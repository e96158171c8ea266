import { FirstwordError } from '@firstword/turn';
import { inference, type stt, type tts } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';

/** A hosted speech engine, as an agent names it. */
export interface HostedEngine {
  /** `VENDOR/MODEL`, or `VENDOR/MODEL:VOICE` of a TTS, `VENDOR/MODEL:LANGUAGE` of an STT. */
  model: string;
  /** `livekit`: LiveKit Inference, as for a model name in an agent's session. `plugin`: LiveKit's plugin of the vendor. */
  via: 'livekit' | 'plugin';
  /** Base URL of LiveKit Inference, where it is emulated. Key and secret are then any. */
  baseUrl?: string;
}

interface SpeechPlugin {
  STT?: new (options: object) => stt.STT;
  STTv2?: new (options: object) => stt.STT;
  TTS?: new (options: object) => tts.TTS;
}

/** The parts of `vendor/model:suffix`. */
function partsOf(text: string): { vendor: string; model: string; suffix?: string } {
  const [, vendor, model, suffix] = /^([^/:]+)\/([^:]+)(?::(.+))?$/.exec(text) ?? [];
  if (!vendor || !model) {
    throw new FirstwordError(
      'bad_input',
      `"${text}" is not VENDOR/MODEL: write deepgram/nova-3, for example.`,
    );
  }
  return { vendor, model, ...(suffix === undefined ? {} : { suffix }) };
}

async function pluginOf(vendor: string): Promise<SpeechPlugin> {
  const name = `@livekit/agents-plugin-${vendor}`;
  try {
    return (await import(name)) as SpeechPlugin;
  } catch (cause) {
    const message = `the plugin ${name} cannot be loaded: install firstword, @firstword/livekit and ${name} in one project, or measure through LiveKit Inference, without "plugin:".`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/** Errors of constructors say which key is missing. */
function constructed<T>(create: () => T, { model }: HostedEngine): T {
  let engine: T;
  try {
    engine = create();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FirstwordError('bad_input', `${model} cannot be used: ${why}`, { cause });
  }
  // A plugin may have brought a copy of LiveKit of its own.
  assertSameCopy({ [model]: engine });
  return engine;
}

const accessTo = ({ baseUrl }: HostedEngine) =>
  baseUrl === undefined ? {} : { baseURL: baseUrl, apiKey: 'emulated', apiSecret: 'emulated' };

/**
 * How to make the STT: each call makes one.
 * @throws FirstwordError `bad_input` for a model without a vendor, a plugin that is not installed, a missing key; `two_copies`
 */
export async function hostedStt(hosted: HostedEngine): Promise<() => stt.STT> {
  const { vendor, model, suffix: language } = partsOf(hosted.model);
  const options = { model, ...(language === undefined ? {} : { language }) };
  if (hosted.via === 'livekit') {
    return () =>
      constructed(
        () => new inference.STT({ ...options, model: `${vendor}/${model}`, ...accessTo(hosted) } as never),
        hosted,
      );
  }
  const plugin = await pluginOf(vendor);
  // Deepgram has a class of its own for Flux.
  const Stt = model.startsWith('flux') ? (plugin.STTv2 ?? plugin.STT) : plugin.STT;
  if (!Stt) throw new FirstwordError('bad_input', `LiveKit's plugin of ${vendor} has no STT.`);
  return () => constructed(() => new Stt(options), hosted);
}

/**
 * How to make the TTS: each call makes one.
 * @throws FirstwordError `bad_input`, as `hostedStt`
 */
export async function hostedTts(hosted: HostedEngine): Promise<() => tts.TTS> {
  const { vendor, model, suffix: voice } = partsOf(hosted.model);
  const voiced = voice === undefined ? {} : { voice, voiceId: voice };
  if (hosted.via === 'livekit') {
    const options = { model: `${vendor}/${model}`, ...(voice === undefined ? {} : { voice }) };
    return () => constructed(() => new inference.TTS({ ...options, ...accessTo(hosted) } as never), hosted);
  }
  const { TTS: Tts } = await pluginOf(vendor);
  if (!Tts) throw new FirstwordError('bad_input', `LiveKit's plugin of ${vendor} has no TTS.`);
  return () => constructed(() => new Tts({ model, ...voiced }), hosted);
}
