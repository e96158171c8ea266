/**
 * Wilson's 95 % interval of a proportion, in percent (Wilson 1927). It holds for few items and for proportions of 0 and
 * 100 %, where a bootstrap gives no width.
 * @param part items that have the property
 * @param of all items, at least one
 */
export function wilsonInterval(part: number, of: number): [low: number, high: number] {
  const z = 1.96;
  const share = part / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 100 / (1 + (z * z) / of);
  return [Math.max(0, scale * (middle - half)), Math.min(100, scale * (middle + half))];
}
