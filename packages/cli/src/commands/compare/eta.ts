/** Time left, as people say it, going by how long the calls so far took. */
export function timeLeft(done: number, count: number, elapsedMs: number): string {
  if (done === 0) return 'time left unknown';
  const leftSeconds = Math.round(((elapsedMs / done) * (count - done)) / 1000);
  return leftSeconds < 90 ? `${leftSeconds} s left` : `${Math.round(leftSeconds / 60)} min left`;
}
