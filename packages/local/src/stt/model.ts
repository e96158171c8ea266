import llamaTokenizer from 'llama-tokenizer-js';
import * as ort from 'onnxruntime-node';
import { type ModelFiles, modelFileError } from './files.js';
import { type Decoded, STT_RATE_HZ } from './protocol.js';
import { endConfidence, favourWords, loopStart, spokenText, tokenLimit, verifyDraft } from './tokens.js';

// Shapes of Moonshine tiny.
const LAYERS = 6;
const HEADS = 8;
const HEAD_SIZE = 36;
const VOCABULARY = 32_768;
const BOS = 1;
const EOS = 2;

/** Shorter clips are padded with silence, because the model hallucinates words on very short ones. */
const MIN_SAMPLES = STT_RATE_HZ;

const SESSION: ort.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  // A second thread gains nothing with this model, and would take a core from the agent.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  // onnxruntime would keep a plan of its memory for every combination of input lengths that it has seen, for good: every
  // clip and every token has another.
  enableMemPattern: false,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

/**
 * The encoder's memory grows with the clip. onnxruntime's arena would keep that of the longest clip so far, rounded up to a power of
 * two. (Without an arena the decoder, which runs for every token, would spend two thirds of its time on page faults.)
 */
const ENCODER_SESSION: ort.InferenceSession.SessionOptions = { ...SESSION, enableCpuMemArena: false };

/** Keys and values of every layer, by name: `0.decoder.key` … `5.encoder.value`. */
type Cache = Map<string, ort.Tensor>;

const CACHE_NAMES = Array.from({ length: LAYERS }, (_, layer) =>
  ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((part) => `${layer}.${part}`),
).flat();

/** Moonshine tiny, loaded. It runs in a separate process because each step blocks the event loop. */
export class MoonshineModel {
  readonly #encoder: ort.InferenceSession;
  readonly #decoder: ort.InferenceSession;

  private constructor(encoder: ort.InferenceSession, decoder: ort.InferenceSession) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /**
   * Loads both files and decodes a second of silence as a warm-up, so that the first decode is not slower.
   *
   * @throws FirstwordError `model_file` naming the file that does not work.
   */
  static async load(files: ModelFiles): Promise<MoonshineModel> {
    const { usersOwn } = files;
    let file = files.encoder;
    try {
      const encoder = await ort.InferenceSession.create(file, ENCODER_SESSION);
      file = files.decoder;
      const model = new MoonshineModel(encoder, await ort.InferenceSession.create(file, SESSION));
      await model.transcribe({ samples: new Int16Array(MIN_SAMPLES), draft: [], isCancelled: () => false });
      return model;
    } catch (cause) {
      throw modelFileError({ file, usersOwn, cause });
    }
  }

  /**
   * Greedy transcription. The draft, usually what an earlier and shorter stretch of the same audio gave, is checked
   * in one decoder call; decoding continues at the first token the decoder would have chosen differently.
   */
  async transcribe(request: {
    samples: Int16Array;
    draft: readonly number[];
    isCancelled: () => boolean;
  }): Promise<Decoded> {
    const { samples, isCancelled } = request;
    const startedMs = performance.now();
    const limit = tokenLimit(samples.length);
    const draft = request.draft.slice(0, limit);
    const encoded = await this.#encode(samples);
    if (isCancelled())
      return {
        text: '',
        tokens: [],
        endConfidence: 0,
        decodeMs: performance.now() - startedMs,
        cancelled: true,
      };
    const first = await this.#step({ encoded, tokens: [BOS, ...draft], cache: undefined });
    favourWords(first.logits, VOCABULARY, EOS);
    const verified = verifyDraft(first.logits, VOCABULARY, draft);
    const tokens = draft.slice(0, verified.kept);
    /** The logits that each token was chosen from. */
    const rows = Array.from({ length: verified.kept + 1 }, (_, i) =>
      first.logits.subarray(i * VOCABULARY, (i + 1) * VOCABULARY),
    );
    let next = verified.next;
    let cache = cropped(first.cache, verified.kept + 1);
    let cancelled = false;
    while (next !== EOS && tokens.length < limit) {
      cancelled = isCancelled();
      if (cancelled) break;
      tokens.push(next);
      const loop = loopStart(tokens);
      if (loop !== undefined) {
        tokens.length = loop;
        break;
      }
      const step = await this.#step({ encoded, tokens: [next], cache });
      next = verifyDraft(step.logits, VOCABULARY, []).next;
      rows.push(step.logits);
      cache = step.cache;
    }
    const sureOfEnd = endConfidence(tokens, rows, (token) => textOf([token]) !== '');
    return {
      text: textOf(tokens),
      tokens,
      endConfidence: sureOfEnd,
      decodeMs: performance.now() - startedMs,
      cancelled,
    };
  }

  async #encode(samples: Int16Array): Promise<ort.Tensor> {
    const input = new Float32Array(Math.max(samples.length, MIN_SAMPLES));
    for (let i = 0; i < samples.length; i++) input[i] = samples[i]! / 32_768;
    const outputs = await this.#encoder.run({
      input_values: new ort.Tensor('float32', input, [1, input.length]),
    });
    return outputs.last_hidden_state!;
  }

  /** One decoder call. Without a cache it also computes the keys and values of the encoded audio. */
  async #step(call: {
    encoded: ort.Tensor;
    tokens: readonly number[];
    cache: Cache | undefined;
  }): Promise<{ logits: Float32Array; cache: Cache }> {
    const { encoded, tokens, cache } = call;
    const feeds: Record<string, ort.Tensor> = {
      input_ids: new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      encoder_hidden_states: encoded,
      use_cache_branch: new ort.Tensor('bool', Uint8Array.of(cache ? 1 : 0), [1]),
    };
    for (const name of CACHE_NAMES) feeds[`past_key_values.${name}`] = cache?.get(name) ?? EMPTY;
    const outputs = await this.#decoder.run(feeds);
    const updated: Cache = new Map();
    for (const name of CACHE_NAMES) {
      // With a cache, the model returns nothing useful for the audio's keys and values: they have not changed.
      const unchanged = name.includes('encoder') ? cache?.get(name) : undefined;
      updated.set(name, unchanged ?? outputs[`present.${name}`]!);
    }
    return { logits: outputs.logits!.data as Float32Array, cache: updated };
  }
}

const textOf = (tokens: readonly number[]): string => spokenText(llamaTokenizer.decode([BOS, ...tokens]));

const EMPTY = new ort.Tensor('float32', new Float32Array(0), [0, HEADS, 1, HEAD_SIZE]);

/** The cache as it was after its first `count` tokens: forgets the rejected part of a draft. */
function cropped(cache: Cache, count: number): Cache {
  return new Map(
    [...cache].map(([name, tensor]) => [name, name.includes('decoder') ? crop(tensor, count) : tensor]),
  );
}

function crop(tensor: ort.Tensor, count: number): ort.Tensor {
  const held = tensor.dims[2]!;
  if (held === count) return tensor;
  const source = tensor.data as Float32Array;
  const kept = new Float32Array(HEADS * count * HEAD_SIZE);
  for (let head = 0; head < HEADS; head++) {
    const from = head * held * HEAD_SIZE;
    kept.set(source.subarray(from, from + count * HEAD_SIZE), head * count * HEAD_SIZE);
  }
  return new ort.Tensor('float32', kept, [1, HEADS, count, HEAD_SIZE]);
}
