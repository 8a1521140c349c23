import nock from 'nock';
import { afterEach, beforeEach, expect } from 'vitest';

/** Only what a test answers is answered, and every answer must have been asked for. */
export function noNetwork(): void {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    expect(left).toEqual([]);
  });
}
