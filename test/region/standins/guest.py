"""The guest agent, as the task manager sees it: takes orders, and is done with most of them at once.

What takes time is written down for the guests' own process (guests.py), because a guest works on while Trove's
services are killed and started again.
"""
import time
import uuid

from .compute import GUESTS
from .state import setting, Shelf

JOBS = Shelf('jobs')


def order(instance_id, job, after_s=0.0, **fields):
    JOBS.put('%020d-%s' % (time.time_ns(), uuid.uuid4().hex[:8]), instance=instance_id, job=job,
             due=time.time() + after_s, **fields)


class Guest:
    def __init__(self, instance_id):
        self.instance_id = instance_id

    def prepare(self, *_args, **_options):
        """Also for a restore and for a replica: each becomes ready as a new database does."""
        GUESTS.put(self.instance_id)
        order(self.instance_id, 'healthy', setting('prepare_s', 0.5))

    def restart(self, *_args, **_options):
        order(self.instance_id, 'healthy')

    start_db_with_conf_changes = rebuild = restart

    def upgrade(self, *_args, **_options):
        order(self.instance_id, 'healthy', setting('prepare_s', 0.5))

    def create_backup(self, backup_info):
        order(self.instance_id, 'backup', setting('backup_start_s', 0.1), backup=backup_info['id'])

    def get_volume_info(self):
        return {'used': 0.16, 'free': 3.84, 'total': 4.0}

    # -- replication ----------------------------------------------------------------------------------------------

    def backup_required_for_replication(self):
        """A replica starts from a temporary backup of its master."""
        return True

    def get_replication_snapshot(self, snapshot_info=None, _replica_source_config=None):
        """A call, not a cast: the task manager waits for the answer, so this part is not left to the process."""
        from trove.backup.models import DBBackup
        backup = DBBackup.find_by(id=snapshot_info['id'])
        for name, value in finished(backup.id).items():
            setattr(backup, name, value)
        backup.save()
        return {'dataset': {'datastore_manager': 'mysql', 'dataset_size': 0.1, 'volume_size': 1,
                            'snapshot_id': backup.id},
                'replication_strategy': 'stand-in', 'master': {}, 'log_position': {}}

    def post_processing_required_for_replication(self):
        return False

    def get_last_txn(self):
        return ['00000000-0000-0000-0000-000000000000', 1]

    def __getattr__(self, name):
        """Every other order is carried out with nothing to tell."""
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda *_args, **_options: None


def finished(backup_id):
    """The fields of a backup that ended well, as a guest reports them."""
    return {'state': 'COMPLETED', 'checksum': uuid.uuid4().hex, 'size': 0.16,
            'location': 'http://127.0.0.1:8080/v1/AUTH_x/database_backups/%s.xbstream.gz.enc' % backup_id}


def guest(_context, instance_id, _manager=None):
    return Guest(instance_id)
