import * as ort from 'onnxruntime-node';
import { logMel, MEL_BANDS, MEL_FRAMES } from './log-mel.js';

const INPUT = 'input_features';

/** Smart Turn, loaded. It runs in a worker thread because each prediction blocks its thread. */
export class SmartTurnModel {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  /** Loads the file, and predicts once as a warm-up. */
  static async load(file: string): Promise<SmartTurnModel> {
    const session = await ort.InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    const model = new SmartTurnModel(session);
    await model.predict(new Int16Array(MEL_FRAMES));
    return model;
  }

  /** The probability that the turn is over, 0 to 1. @param audio mono, 16 kHz */
  async predict(audio: Int16Array): Promise<number> {
    const features = new ort.Tensor('float32', logMel(audio), [1, MEL_BANDS, MEL_FRAMES]);
    const outputs = await this.#session.run({ [INPUT]: features });
    const [output] = Object.values(outputs);
    return Number(output!.data[0]);
  }
}
