"""Cinder: volumes that are there at once."""
import uuid

from .state import Shelf, Thing

VOLUMES = Shelf('volumes')


class Volume(Thing):
    def __init__(self, volume_id, record):
        super().__init__(id=volume_id, name=record['name'], size=record['size'], status=record['status'],
                         volume_type='lvm', attachments=[], availability_zone='nova',
                         created_at='2026-01-01T00:00:00')

    def delete(self):
        VOLUMES.remove(self.id)


class Volumes:
    def create(self, size, name='volume', **_options):
        volume_id = str(uuid.uuid4())
        VOLUMES.put(volume_id, name=name, size=size, status='available')
        return self.get(volume_id)

    def get(self, volume_id):
        record = VOLUMES.get(volume_id)
        if record is None:
            from cinderclient import exceptions
            raise exceptions.NotFound(404, message='Volume %s could not be found.' % volume_id)
        return Volume(volume_id, record)

    def list(self, search_opts=None, **_options):
        records = ((volume_id, VOLUMES.get(volume_id)) for volume_id in VOLUMES.keys())
        wanted = (search_opts or {}).get('name')
        return [Volume(volume_id, record) for volume_id, record in records
                if record and wanted in (None, record['name'])]

    def extend(self, volume_id, size):
        VOLUMES.change(volume_id, size=size)

    def delete(self, volume):
        VOLUMES.remove(getattr(volume, 'id', volume))


class VolumeTypes:
    def list(self):
        return []


def cinder(*_args, **_options):
    return Thing(volumes=Volumes(), volume_types=VolumeTypes())
