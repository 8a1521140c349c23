"""Nova: servers that boot at once."""
import uuid

from .state import setting, Shelf, Thing
from .volumes import VOLUMES

SERVERS = Shelf('servers')
GUESTS = Shelf('guests')

FLAVORS = {str(n): dict(ram=1024 * n, vcpus=n, disk=20, ephemeral=0) for n in (1, 2, 4)}


def not_found(what):
    from novaclient import exceptions
    return exceptions.NotFound(404, message='%s could not be found.' % what)


class Flavors:
    @staticmethod
    def get(flavor_id):
        if str(flavor_id) not in FLAVORS:
            raise not_found('Flavor %s' % flavor_id)
        return Thing(id=str(flavor_id), str_id=str(flavor_id), name='db.%s' % flavor_id, links=[],
                     **FLAVORS[str(flavor_id)])

    def list(self):
        return [self.get(flavor_id) for flavor_id in FLAVORS]


class Server(Thing):
    def __init__(self, server_id, record):
        super().__init__(id=server_id, name=record['name'], status=record['status'], flavor={'id': record['flavor']},
                         image={'id': record['image']}, addresses={}, fault={}, host='compute-1', hostId='compute-1',
                         tenant_id='compute', **{'OS-EXT-AZ:availability_zone': 'nova'})

    def _now(self, **fields):
        SERVERS.change(self.id, **fields)

    def delete(self):
        Servers().delete(self)

    def resize(self, flavor_id):
        self._now(flavor=str(flavor_id), before=self.flavor['id'], status='VERIFY_RESIZE')

    def confirm_resize(self):
        self._now(status='ACTIVE')

    def revert_resize(self):
        self._now(status='ACTIVE', flavor=SERVERS.get(self.id)['before'])

    def migrate(self, force_host=None):
        self._now(before=self.flavor['id'], status='VERIFY_RESIZE')

    def rebuild(self, image_id, files=None):
        self._now(image=image_id)

    def reboot(self):
        pass

    start = stop = reboot


class Servers:
    def create(self, name, image_id, flavor_id, meta=None, **_options):
        server_id = str(uuid.uuid4())
        SERVERS.put(server_id, name=name, status='ACTIVE', flavor=str(flavor_id), image=image_id,
                    instance=(meta or {}).get('trove_instance_id'))
        return self.get(server_id)

    def get(self, server_id):
        record = SERVERS.get(server_id)
        if record is None:
            raise not_found('Instance %s' % server_id)
        return Server(server_id, record)

    def list(self, *_args, **_options):
        records = ((server_id, SERVERS.get(server_id)) for server_id in SERVERS.keys())
        return [Server(server_id, record) for server_id, record in records if record]

    def delete(self, server):
        server_id = getattr(server, 'id', server)
        record = SERVERS.get(server_id) or {}
        SERVERS.remove(server_id)
        GUESTS.remove(record.get('instance'))  # the guest agent ends with its machine

    force_delete = delete

    def reboot(self, *_args, **_options):
        pass

    add_tag = set_tags = delete_all_tags = reboot

    def tag_list(self, _server):
        return []


class ServerGroups:
    def create(self, **fields):
        return Thing(id=str(uuid.uuid4()), **fields)

    def list(self, *_args, **_options):
        return []

    def delete(self, _group):
        pass


class Attachments:
    """Nova's side of a volume."""

    def create_server_volume(self, _server_id, volume_id, _device=None):
        VOLUMES.change(volume_id, status='in-use')

    def delete_server_volume(self, _server_id, volume_id):
        VOLUMES.change(volume_id, status='available')


class Away:
    """A part of Nova that is away: whatever is asked of it fails."""

    def __getattr__(self, _name):
        from novaclient import exceptions

        def fail(*_args, **_options):
            raise exceptions.ClientException(503, message='Nova is away')
        return fail


def nova(*_args, **_options):
    from novaclient import api_versions
    if setting('nova_down', False):
        return Thing(api_version=api_versions.APIVersion('2.90'), flavors=Away(), servers=Away(), volumes=Away(),
                     server_groups=Away())
    return Thing(api_version=api_versions.APIVersion('2.90'), flavors=Flavors(), servers=Servers(),
                 volumes=Attachments(), server_groups=ServerGroups())
