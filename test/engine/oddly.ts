import type { Region } from '../../lib/simulator/index.ts';

type Row = Readonly<Record<string, unknown>>;

/** Shows an instance or a backup (null: each of them) with these fields, in lists and by itself; the answer ends it. */
export function oddly(region: Region, id: string | null, fields: Row): () => void {
  const change = (row: Row): Row => (id === null || row['id'] === id ? { ...row, ...fields } : row);
  const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;
  return region.intercept(async (request, next) => {
    const answer = await next(request);
    if (request.method !== 'GET' || !answer.ok || !/\/(instances|backups)/.test(request.url)) return answer;
    const body = (await answer.json()) as Row;
    const changed = Object.entries(body).map(([key, value]) => {
      if (Array.isArray(value)) return [key, value.map((row) => (isRow(row) ? change(row) : row))] as const;
      return [key, isRow(value) ? change(value) : value] as const;
    });
    return Response.json(Object.fromEntries(changed));
  });
}
