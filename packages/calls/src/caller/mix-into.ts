/** Adds a sound to a track, from sample `from` on, clipped to 16 bits. What reaches past the end of the track is left out. */
export function mixInto(track: Int16Array, sound: Int16Array, from = 0): void {
  const length = Math.min(sound.length, track.length - from);
  for (let i = 0; i < length; i += 1)
    track[from + i] = Math.max(-32_768, Math.min(32_767, track[from + i]! + sound[i]!));
}
