/** A logistic calibration: log odds of an end = `slope` × (log odds of the answer) + `offset`. */
export interface PlattFit {
  slope: number;
  offset: number;
}

/** The calibration of one model. */
export interface ModelCalibration {
  /** Where the band is not known. */
  any: PlattFit;
  telephone?: PlattFit;
  wide?: PlattFit;
  /** Added to the log odds of an answer in these languages, before the fit. */
  languages?: Readonly<Record<string, number>>;
}

/**
 * Differences of LiveKit's own thresholds of v1-mini in log odds, from English (`inference/eot/languages.ts` of
 * `@livekit/agents` 1.9.0): the same answer says more in a language with a lower threshold. No recordings say otherwise: the
 * few in other languages are readings and monologues, where most pauses follow a complete sentence.
 */
const V1_MINI_LANGUAGES = {
  ar: 0.04,
  de: 0.55,
  es: 0.04,
  fr: 0.34,
  hi: 0.25,
  id: 0.07,
  it: 0.63,
  ja: 0.3,
  ko: -0.17,
  nl: 0.81,
  pt: 0.18,
  tr: 0.5,
  zh: 0.02,
};

/**
 * Calibrations of end-of-turn models, by name.
 *
 * Fitted to recordings of people by `npm run calibrate -- --speech DIR` (docs/measurements/detectors.md): turns in English,
 * each model asked after 160, 256 and 416 ms of silence, at pauses in which a session may commit. Ends and pauses weigh the
 * same. A band has numbers of its own from 30 ends and 30 pauses on; in rooms there were 22 pauses, so that `any` stands for it.
 */
export const CALIBRATIONS: Readonly<Record<string, ModelCalibration>> = {
  // 302 ends and 111 pauses of 57 speakers; on the telephone 104 and 89 of 11.
  'turn-detector-v1-mini': {
    any: { slope: 0.75, offset: 0.26 },
    telephone: { slope: 0.49, offset: 0.41 },
    languages: V1_MINI_LANGUAGES,
  },
  // The same recordings. The model is far too sure of itself: most of its answers are near 0 or 1.
  'smart-turn-v3.2': {
    any: { slope: 0.36, offset: -0.45 },
    telephone: { slope: 0.25, offset: -0.04 },
  },
};

/**
 * How much likelier an end is in a band than the fits say, log odds; the fits weigh ends and pauses the same. On the recordings 104 of
 * 193 silences on the telephone were ends, and 198 of 220 in rooms, where the requests were short. Taken in small part, such that each
 * band cuts off fewer pauses than LiveKit's delays: docs/measurements/endpointing.md.
 */
export const BAND_LOG_ODDS = { telephone: -0.2, wide: 0.3 } as const;
