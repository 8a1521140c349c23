"""What the stand-ins keep, as files below the region's folder.

trove-api, trove-taskmanager and the guests are processes of their own, and each may be killed at any time: none may
hold in memory what another, or its own next life, has to know.
"""
import json
import os

REGION = os.environ['REGION_DIR']


def setting(name, default):
    """One setting of the control file, read afresh: a test may have changed it just now."""
    try:
        with open(os.path.join(REGION, 'control.json')) as file:
            return json.load(file).get(name, default)
    except (OSError, ValueError):
        return default


class Thing:
    """An object with the given attributes, as the OpenStack clients return them."""

    def __init__(self, **fields):
        self.__dict__.update(fields)

    def to_dict(self):
        return dict(self.__dict__)


class Shelf:
    """Records of one kind, one JSON file each."""

    def __init__(self, kind):
        self.folder = os.path.join(REGION, 'state', kind)
        os.makedirs(self.folder, exist_ok=True)

    def _path(self, key):
        return os.path.join(self.folder, '%s.json' % key)

    def put(self, key, **fields):
        draft = os.path.join(self.folder, '.%s.%d' % (key, os.getpid()))
        with open(draft, 'w') as file:
            json.dump(fields, file)
        os.replace(draft, self._path(key))

    def get(self, key):
        try:
            with open(self._path(key)) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def change(self, key, **fields):
        self.put(key, **{**(self.get(key) or {}), **fields})

    def remove(self, key):
        try:
            os.remove(self._path(key))
        except FileNotFoundError:
            pass

    def keys(self):
        return sorted(name[:-5] for name in os.listdir(self.folder) if name.endswith('.json'))
