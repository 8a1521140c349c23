import type { Instant } from '../../lib/core/index.ts';
import type { NewInstance } from './caller-cloud.ts';

/** A restore that somebody asks for with a key, so that it is made once however often it is sent. */
export interface KeyedRestore {
  readonly projectId: string;
  /** The asker's own, unique in the project. */
  readonly key: string;
  /** All that he asks for, in one way of writing it. */
  readonly request: string;
}

/**
 * `new`: nothing was asked for with this key · `made`: this came of it · `lost`: it was sent, or was to be, and what came of it
 * nobody knows · `other`: the key belongs to another restore
 */
export type BeforeRestore =
  | { readonly kind: 'new' | 'lost' | 'other' }
  | { readonly kind: 'made'; readonly instance: NewInstance };

/** Restores by their keys. Every call is one transaction, durable when it resolves. */
export interface RestoresPort {
  before(restore: KeyedRestore): Promise<BeforeRestore>;
  /** Before it is sent. @throws where the key is taken */
  begin(restore: KeyedRestore, nowUtc: Instant): Promise<void>;
  made(restore: KeyedRestore, instance: NewInstance): Promise<void>;
  /** Nothing came of it, and surely nothing will: its key is free again. */
  forget(restore: KeyedRestore): Promise<void>;
}
