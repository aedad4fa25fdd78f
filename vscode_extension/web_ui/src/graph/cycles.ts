/** Events that lead back to themselves: strongly connected components, by Tarjan's algorithm without recursion. */

/** Gives for each node on a cycle the members of its cycle, in the order of `nodes`. */
export function findCycles(nodes: Iterable<string>, next: (id: string) => string[]): Map<string, string[]> {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cycles = new Map<string, string[]>();
  const all = [...nodes];
  const position = new Map(all.map((id, at) => [id, at]));

  const enter = (id: string) => {
    low.set(id, order.size);
    order.set(id, order.size);
    open.push(id);
    isOpen.add(id);
    return { id, targets: next(id), at: 0 };
  };
  const lower = (id: string, value: number) => low.set(id, Math.min(low.get(id) ?? value, value));

  const leave = (id: string) => {
    if (low.get(id) !== order.get(id)) return;
    const members = open.splice(open.indexOf(id));
    for (const member of members) isOpen.delete(member);
    if (members.length === 1 && !next(id).includes(id)) return;
    members.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
    for (const member of members) cycles.set(member, members);
  };

  for (const root of all) {
    if (order.has(root)) continue;
    const work = [enter(root)];
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const target = frame.targets[frame.at++];
      if (target === undefined) {
        work.pop();
        leave(frame.id);
        const parent = work.at(-1);
        if (parent) lower(parent.id, low.get(frame.id) ?? 0);
      } else if (!order.has(target)) {
        if (position.has(target)) work.push(enter(target));
      } else if (isOpen.has(target)) lower(frame.id, order.get(target) ?? 0);
    }
  }
  return cycles;
}
