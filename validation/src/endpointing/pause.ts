import type { AudioBand } from '@firstword/turn';

/** What a session would know at one pause of one spoken line. */
export interface RecordedPause {
  /** Name of the line; the same for all voices that speak it. */
  line: string;
  voice: string;
  /** Kind of recording, for people: `request`, `phone-turn`. */
  kind?: string;
  /** Language tag of the words; absent: English. */
  language?: string;
  /** What the recording carries; absent if not known. */
  band?: AudioBand;
  /** Whether `firstword compare` plays the line; the others are from held-out domains. */
  compared: boolean;
  /** Whether the line ends here, so that the caller waits for the answer. */
  end: boolean;
  /** Time after the last speech sample in which the VAD still detected speech, ms. It adds to the caller's wait. */
  tailMs: number;
  /** Time from the last sound until a session detects that the caller continues, ms; absent at an `end`. */
  resumedAfterMs?: number;
  /** Answers of the end-of-turn model by the silence so far, ms. */
  answers: { silenceMs: number; probability: number }[];
  /** Transcript of the line so far; empty if no speech-to-text was used. */
  words: string;
  /** Confidence of the last words, 0 to 1; absent if the engine did not report it. */
  confidence?: number;
}

/** The same lines with the pauses that the VAD of each agent detects. */
export interface EndpointingRecording {
  livekit: RecordedPause[];
  firstword: RecordedPause[];
}
