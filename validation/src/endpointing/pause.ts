/** What a session would know and hear at one pause of one spoken line. */
export interface RecordedPause {
  /** Names the line: the same one said by another voice is the same line. */
  line: string;
  voice: string;
  /** Of the calls that `firstword compare` plays, rather than of the bench's own lines. */
  compared: boolean;
  /** The line is over: waiting here is felt. */
  end: boolean;
  /** How far after the last speech sample the VAD still heard speech, ms; what the caller feels of a wait begins before it. */
  tailMs: number;
  /** From the last sound until a session hears the caller go on, ms; absent where `end`. */
  resumedAfterMs?: number;
  /** What the end-of-turn model says by silence, ms. */
  answers: { silenceMs: number; probability: number }[];
  /** What speech-to-text had of the line by then; empty where nobody asked for the words. */
  words: string;
  /** How sure speech-to-text was of the last of them, 0 to 1; absent where it did not tell. */
  confidence?: number;
}

/** The same lines, with the pauses that each agent's VAD hears in them. */
export interface Recording {
  livekit: RecordedPause[];
  firstword: RecordedPause[];
}
