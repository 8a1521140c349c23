"""seed_trove.py CONFIG: Trove's tables and datastores.

One process instead of a trove-manage for each step: most of the time of each goes into importing Trove.
"""
import sys

from trove.cmd.manage import Commands
from trove.common import cfg

# Datastore (its manager has the same name), and its versions, the default last.
DATASTORES = {
    'mysql': ['8.0.29', '5.7.29'],
    'mariadb': ['10.4.18'],
    'postgresql': ['12.4'],
}
IMAGE = '22222222-2222-2222-2222-222222222222'

cfg.parse_args(['seed_trove', '--config-file', sys.argv[1]])
commands = Commands()
commands.db_sync()
for name, versions in DATASTORES.items():
    commands.datastore_update(name, '')
    for version in versions:
        commands.datastore_version_update(name, version, name, IMAGE, '', 1)
    commands.datastore_update(name, versions[-1])
