/** Width, height and colour support of a stream. NO_COLOR and FORCE_COLOR override the detection of a terminal. */
export function styleOf(stream: NodeJS.WriteStream): {
  widthColumns: number;
  /** Absent when the stream is not a terminal. */
  heightRows?: number;
  colour: boolean;
} {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : Boolean(stream.isTTY);
  return {
    widthColumns: Math.min(stream.columns ?? 80, 120),
    ...(stream.rows === undefined ? {} : { heightRows: stream.rows }),
    colour: wanted && !NO_COLOR,
  };
}
