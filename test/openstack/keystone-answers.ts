import { PROJECT } from './support.ts';

export const KEYSTONE = 'http://keystone.test:5000';
export const START = Date.parse('2026-11-22T06:00:00Z');

/** As Keystone 22 writes it, with a life of an hour that began by Keystone's own clock. */
export function tokenBody(change: object = {}) {
  const endpoint = { id: 'e1', interface: 'public', region_id: 'RegionOne', region: 'RegionOne' };
  return {
    token: {
      methods: ['password'],
      user: { domain: { id: 'default', name: 'Default' }, id: 'u1', name: 'autobackup', password_expires_at: null },
      audit_ids: ['creiJLTIR46HUDaDfYlKpQ'],
      issued_at: '2026-11-22T05:48:00.000000Z',
      expires_at: '2026-11-22T06:48:00.000000Z',
      project: { domain: { id: 'default', name: 'Default' }, id: PROJECT, name: 'demo' },
      is_domain: false,
      roles: [{ id: 'r1', name: 'database_backup' }],
      catalog: [
        {
          id: 's1',
          type: 'database',
          name: 'trove',
          endpoints: [{ ...endpoint, url: `http://trove.test:8779/v1.0/${PROJECT}` }],
        },
      ],
      ...change,
    },
  };
}

/** Whatever was wrong with the request. */
export const REFUSED = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};
