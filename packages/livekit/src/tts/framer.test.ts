import { describe, expect, it } from 'vitest';
import { Framer } from './framer.js';

const lengths = (frames: Int16Array[]) => frames.map((frame) => frame.length);

describe('Framer', () => {
  it('emits the first frame as soon as it is full', () => {
    expect(lengths(new Framer(480).push(new Int16Array(480)))).toEqual([480]);
  });

  it('holds samples back afterwards for the last frame', () => {
    const framer = new Framer(480);
    framer.push(new Int16Array(480));
    expect(lengths(framer.push(new Int16Array(960)))).toEqual([480]);
    expect(framer.end()).toHaveLength(480);
  });

  it('ends with a short frame', () => {
    const framer = new Framer(480);
    expect(lengths(framer.push(new Int16Array(1000)))).toEqual([480, 480]);
    expect(framer.end()).toHaveLength(40);
    expect(framer.end()).toBeUndefined();
  });
});
