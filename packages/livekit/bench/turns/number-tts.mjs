/** The scripted TTS of a call, whose audio says which turn it belongs to. */

/** The sample level that stands for turn n. */
export const levelOf = (n) => 2000 + n * 20;

/** Encodes the turn number in the sample level; a negative level marks a superseded draft, which must never be played. */
export class NumberTTS {
  provider = 'scripted';
  model = 'number';
  voice = 'number';
  sampleRateHz = 24_000;
  async ready() {}
  async *synthesize(text) {
    const level = levelOf(Number(text.match(/\d+/)?.[0] ?? 0));
    yield new Int16Array(2_400).fill(text.includes('draft') ? -level : level);
  }
  async close() {}
}
