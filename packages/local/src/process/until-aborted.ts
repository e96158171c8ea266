/** Waits for `work`, but rejects with `aborted()` as soon as the signal is aborted; the work then goes on. */
export async function untilAborted(
  work: Promise<void>,
  { signal, aborted }: { signal: AbortSignal | undefined; aborted: () => Error },
): Promise<void> {
  if (!signal) return work;
  let abort = () => {};
  const abortion = new Promise<never>((_, reject) => {
    abort = () => reject(aborted());
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, abortion]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
