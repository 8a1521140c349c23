// The configuration files of Keystone, Trove and RabbitMQ.
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { HOST } from './settings.mjs';

const database = (region, name) => `mysql+pymysql://root@localhost/${name}?unix_socket=${region.socket}`;

const keystone = (region) => `
[DEFAULT]
use_stderr = true
debug = ${region.options.debug}
[database]
connection = ${database(region, 'keystone')}
[cache]
enabled = true
# As memcached in a cloud; it is seen by one process, so Keystone has no more.
backend = oslo_cache.dict
[identity]
# Nobody guesses at these passwords; each sign-in would take a third of a second of a processor.
password_hash_rounds = 4
[token]
expiration = ${region.options.tokenS}
[fernet_tokens]
key_repository = ${region.file('keystone/fernet-keys')}
[fernet_receipts]
key_repository = ${region.file('keystone/receipt-keys')}
[credential]
key_repository = ${region.file('keystone/credential-keys')}
`;

const serviceUser = (region) => `
auth_url = ${region.authUrl}
username = trove
password = trove
project_name = service
user_domain_name = Default
project_domain_name = Default
`;

const trove = (region) => `
[DEFAULT]
remote_nova_client = standins.nova
remote_cinder_client = standins.cinder
remote_neutron_client = standins.neutron
remote_glance_client = standins.glance
remote_swift_client = standins.swift
remote_guest_client = standins.guest
network_driver = standins.NetworkDriver
trove_dns_support = false

transport_url = rabbit://trove:trove@${HOST}:${region.ports.amqp}/
control_exchange = trove
bind_host = ${HOST}
bind_port = ${region.ports.api}
api_paste_config = ${region.file('trove/api-paste.ini')}
trove_api_workers = 1
trove_conductor_workers = 1
use_stderr = true
debug = ${region.options.debug}

# Trove looks whether a new instance is up after 0 s, then after 1.5 times this, growing: 5 s by default.
usage_sleep_time = 1
exists_notification_transformer = trove.extensions.mgmt.instances.models.NotificationTransformer

max_backups_per_tenant = ${region.options.maxBackups}
max_instances_per_tenant = 100000
max_volumes_per_tenant = 1000000
max_ram_per_tenant = -1
max_accepted_volume_size = 250
${['get', 'post', 'put', 'delete', 'mgmt_post'].map((verb) => `http_${verb}_rate = ${region.options.rate}`).join('\n')}

[oslo_messaging_notifications]
driver = ${region.options.notify}
[database]
connection = ${database(region, 'trove')}
max_overflow = 100
[keystone_authtoken]
auth_type = password
www_authenticate_uri = ${region.authUrl}
${serviceUser(region)}
[service_credentials]
region_name = RegionOne
${serviceUser(region)}
[network]
enable_access_check = false
`;

const rabbitmq = (region) => `
listeners.tcp.1 = ${HOST}:${region.ports.amqp}
load_definitions = ${region.file('rabbitmq/definitions.json')}
log.console = true
log.file = false
`;

/** RabbitMQ keeps a password as its salt and the SHA-256 of salt and password. */
function brokerUser(name, tags) {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(name).digest();
  const password_hash = Buffer.concat([salt, hash]).toString('base64');
  return { name, password_hash, hashing_algorithm: 'rabbit_password_hashing_sha256', tags };
}

const definitions = {
  vhosts: [{ name: '/' }],
  users: [brokerUser('trove', 'administrator'), brokerUser('autobackup', '')],
  permissions: [
    { user: 'trove', vhost: '/', configure: '.*', write: '.*', read: '.*' },
    {
      user: 'autobackup',
      vhost: '/',
      configure: '^autobackup.*',
      write: '^autobackup.*',
      read: '^(autobackup.*|trove|openstack|nova)$',
    },
  ],
};

/** Keystone wants two keys: 0 is the next one, 1 the one in use. The same that keystone-manage makes, a second faster. */
function writeKeys(folder) {
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['0', '1']) {
    writeFileSync(`${folder}/${name}`, `${randomBytes(32).toString('base64url')}=`, { mode: 0o600 });
  }
}

export function writeConfiguration(region) {
  const paste = ['/usr/share/trove-common/api-paste.ini', '/etc/trove/api-paste.ini'].find(existsSync);
  if (!paste) throw new Error('api-paste.ini of Trove is missing; run `region install`');
  copyFileSync(paste, region.file('trove/api-paste.ini'));
  for (const use of ['fernet', 'receipt', 'credential']) writeKeys(region.file(`keystone/${use}-keys`));
  const files = {
    'keystone/keystone.conf': keystone(region),
    'trove/trove.conf': trove(region),
    'rabbitmq/rabbitmq.conf': rabbitmq(region),
    'rabbitmq/definitions.json': JSON.stringify(definitions),
    'rabbitmq/plugins': '[].',
    'rabbitmq/advanced.config': '[].',
    'rabbitmq/env.conf': '',
    'control.json': '{}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(region.file(name), text);
}
