// Drawing from a seed, the same as ../draw.py: mulberry32 started at the FNV-1a hash of "seed:name".

export function stream(seed, name) {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}:${name}`)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function variantOf(seed, id, count) {
  return Math.floor(stream(seed, `${id}/variant`)() * count);
}

/** The numbers 0 to count-1 in an order that depends only on the seed and the name. */
export function shuffled(count, seed, name) {
  const next = stream(seed, name);
  const mixed = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
