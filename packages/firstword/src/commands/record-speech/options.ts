/** Options of `firstword record-speech`, as commander parses them. */
export interface RecordSpeechOptions {
  /** The engine: `stt:…` or `tts:…`, as for `firstword bench`. */
  target: string;
  /** Lines or sentences. */
  turns: number;
  /** What a TTS says and a synthesized caller says. */
  line: string;
  /** Recording that is played to an STT instead. */
  audio?: string;
  /** File of the profile. */
  out?: string;
  json?: boolean;
}
