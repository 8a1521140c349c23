export * as core from './core/index.ts';
export * as notifications from './notifications/index.ts';
export * as openstack from './openstack/index.ts';
