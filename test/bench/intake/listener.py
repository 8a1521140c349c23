"""The side to compare with: oslo.messaging's batch listener, that notes each message as the daemon does.

Prints the CPU time it took over the messages, from before it connects until the last is committed, as one JSON line.
"""
import json
import resource
import sqlite3
import sys
import threading
import time

import oslo_messaging
from oslo_config import cfg

url, database, count, topic, mode = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
BATCH = 500
done = threading.Event()


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Endpoint:
    """Batches come in the threads of a pool, several at once."""

    def __init__(self):
        self.seen = 0
        self.lock = threading.Lock()
        self.db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self.db.execute('PRAGMA journal_mode = WAL')
        self.db.execute('PRAGMA synchronous = FULL')
        self.db.execute(
            'CREATE TABLE notes (instance_id TEXT NOT NULL, project_id TEXT NOT NULL, revision INTEGER NOT NULL,'
            ' PRIMARY KEY (instance_id, project_id)) STRICT, WITHOUT ROWID')

    def note(self, messages):
        rows = [(m['payload']['instance_id'], m['payload']['tenant_id']) for m in messages]
        self.db.execute('BEGIN IMMEDIATE')
        self.db.executemany(
            'INSERT INTO notes VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET revision = revision + 1', rows)
        self.db.execute('COMMIT')

    def info(self, messages):
        with self.lock:
            if mode == 'sqlite':
                self.note(messages)
            self.seen += len(messages)
            if self.seen >= count:
                done.set()
        return oslo_messaging.NotificationResult.HANDLED


conf = cfg.ConfigOpts()
conf([])
transport = oslo_messaging.get_notification_transport(conf, url=url)
target = oslo_messaging.Target(exchange='trove', topic=topic)
endpoint = Endpoint()
listener = oslo_messaging.get_batch_notification_listener(
    transport, [target], [endpoint], executor='threading', batch_size=BATCH, batch_timeout=1)
before, began = cpu_seconds(), time.monotonic()
listener.start()
done.wait()
cpu, wall = cpu_seconds() - before, time.monotonic() - began
rows = 0
if mode == 'sqlite':
    rows = sqlite3.connect(database).execute('SELECT count(*) FROM notes').fetchone()[0]
print(json.dumps({'cpuS': cpu, 'wallS': wall, 'rows': rows}), flush=True)
listener.stop()
listener.wait()
