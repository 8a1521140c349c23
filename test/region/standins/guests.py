"""The guests' own process: does the work that takes time, and reports over RabbitMQ to trove-conductor, as guests do.

So a backup ends while the task manager is dead, and nothing is reported while the conductor or the broker is.
A job stays on its shelf until its report is sent: a guests' process that was killed goes on where it was.
"""
import sys
import threading
import time

from .compute import GUESTS
from .guest import finished, JOBS
from .state import setting

LOOK_S = 0.05
# A heartbeat for each guest this often, but never more than so many a second in all. Trove gives up after 90 s.
HEARTBEAT_S = 10
HEARTBEATS_PER_S = 10


class Reports:
    """Casts to the conductor. One at a time: of two reports the conductor drops that which was sent earlier."""

    def __init__(self, conductor):
        self.conductor = conductor
        self.lock = threading.Lock()

    def healthy(self, instance_id):
        with self.lock:
            self.conductor.heartbeat(instance_id, {'service_status': 'healthy'}, sent=time.time())

    def backup(self, instance_id, backup_id, **fields):
        with self.lock:
            self.conductor.update_backup(instance_id, backup_id, sent=time.time(), **fields)


def back_up(reports, instance_id, backup_id):
    while instance_id in setting('stuck', []):
        time.sleep(1)
    reports.backup(instance_id, backup_id, state='BUILDING')
    time.sleep(setting('backup_s', 1))
    if instance_id not in GUESTS.keys():
        return  # deleted meanwhile: its backup stays as it is, for ever
    if instance_id in setting('fail', []):
        reports.backup(instance_id, backup_id, state='FAILED')
    else:
        fields = finished(backup_id)
        reports.backup(instance_id, backup_id, **fields)


def carry_out(reports, key, record):
    instance_id = record['instance']
    time.sleep(max(0, record['due'] - time.time()))
    if instance_id in GUESTS.keys():
        if record['job'] == 'backup':
            back_up(reports, instance_id, record['backup'])
        else:
            while setting('building', False):
                time.sleep(0.2)
            reports.healthy(instance_id)
            GUESTS.put(instance_id, healthy=True)
    JOBS.remove(key)


def beat(reports):
    while True:
        round_ends = time.monotonic() + HEARTBEAT_S
        for instance_id in GUESTS.keys():
            is_up = (GUESTS.get(instance_id) or {}).get('healthy')
            if is_up and instance_id not in setting('silent', []):
                reports.healthy(instance_id)
            time.sleep(1 / HEARTBEATS_PER_S)
        time.sleep(max(1, round_ends - time.monotonic()))


def main():
    from trove.common import cfg
    from trove import rpc
    from trove.common.context import TroveContext
    from trove.conductor.api import API
    cfg.parse_args(sys.argv)
    rpc.init(cfg.CONF)
    reports = Reports(API(TroveContext(is_admin=True)))
    threading.Thread(target=beat, args=(reports,), daemon=True).start()
    seen = set()
    while True:
        keys = JOBS.keys()
        for key in keys:
            record = None if key in seen else JOBS.get(key)
            if record:
                threading.Thread(target=carry_out, args=(reports, key, record), daemon=True).start()
                seen.add(key)
        seen.intersection_update(keys)
        time.sleep(LOOK_S)


if __name__ == '__main__':
    main()
