/** How to write to a stream: its size, and whether it wants colour (NO_COLOR and FORCE_COLOR are honoured). */
export function styleOf(stream: NodeJS.WriteStream): {
  widthColumns: number;
  /** Absent where it is no terminal. */
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
