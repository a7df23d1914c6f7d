/**
 * Equal models in lanes of their own, which run at the same time: loaded when they are first asked for, once, and asked for
 * again after a failure.
 */
export function lazyLanes<M>(
  count: number,
  part: (role: string) => Promise<Uint8Array>,
  open: (lane: number, part: (role: string) => Promise<Uint8Array>) => Promise<M>,
): () => Promise<M[]> {
  let lanes: Promise<M[]> | null = null;
  return () => {
    if (lanes) return lanes;
    const weights = part('weights').then(shared);
    const read = (role: string): Promise<Uint8Array> => (role === 'weights' ? weights : part(role));
    const opening = Promise.all(Array.from({ length: count }, (_, i) => open(i + 1, read)));
    opening.catch(() => (lanes = null));
    lanes = opening;
    return opening;
  };
}

/** A copy that every lane reads in place: posted as they are, the bytes would be copied for each lane and each of its graphs. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
