/** The members that have a value: one that is given as `undefined` does not replace a default. */
export const stripUndefined = <T extends object>(given: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
