import { InvalidArgumentError } from 'commander';

/** Parser for an option that takes a whole number from `min` to `max`; throws commander's InvalidArgumentError otherwise. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
