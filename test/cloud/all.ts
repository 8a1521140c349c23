/** Everything that comes, in order. */
export async function all<T>(from: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}
