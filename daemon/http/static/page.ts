import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file as it is sent: read once, so that no request ever names a path. */
export interface PageFile {
  readonly type: string;
  /** Its name changes with what it holds: it may be kept for ever. */
  readonly isHashed: boolean;
  readonly bodies: ReadonlyMap<Encoding, Buffer>;
  readonly hash: string;
}

/** By their paths, `index.html` and `assets/…`. */
export type Page = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const ARE_SMALL_ALREADY = new Set(['.png', '.woff2']);
/** As Vite names them: `assets/index-BvQ3kX0a.js`. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/;

/** Where the page is built to: beside this file's tree, in the repository as in the package. */
export const PAGE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/web' : '../../../web', import.meta.url),
);

const brotli = (bytes: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
const zipped = (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes, { level: 9 });

async function bodiesOf(bytes: Buffer, extension: string): Promise<PageFile['bodies']> {
  const bodies = new Map<Encoding, Buffer>([['identity', bytes]]);
  if (ARE_SMALL_ALREADY.has(extension)) return bodies;
  for (const [encoding, smaller] of [
    ['br', await brotli(bytes)],
    ['gzip', await zipped(bytes)],
  ] as const) {
    if (smaller.length < bytes.length) bodies.set(encoding, smaller);
  }
  return bodies;
}

async function fileOf(path: string, bytes: Buffer): Promise<PageFile | null> {
  const extension = extname(path);
  const type = TYPES[extension];
  if (type === undefined) return null;
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return { type, isHashed: HASHED.test(path), bodies: await bodiesOf(bytes, extension), hash };
}

/** All that was built, in memory; null where nothing was. Files of kinds that a page has no use for are left out. */
export async function loadPage(folder: string = PAGE_FOLDER): Promise<Page | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const page = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const path = relative(folder, full).split(sep).join('/');
    const file = await fileOf(path, await readFile(full));
    if (file) page.set(path, file);
  }
  return page.has('index.html') ? page : null;
}
