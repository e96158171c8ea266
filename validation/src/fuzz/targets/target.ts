import type { Random } from '@firstword/turn/statistics';

/** Something that reads text or bytes from outside. */
export interface FuzzTarget<Input = unknown> {
  name: string;
  /** Makes an input, which can be written as JSON. */
  make(random: Random): Input;
  /** Reads it. @throws if it cannot, or if the result is wrong */
  read(input: Input): void;
}

/** @throws Error unless the result of a reading is right */
export function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong result: ${what}`);
}
