"""Swift: holds the object of every backup, until the control file says that it is away (swift_down, swift_lost)."""
from .state import setting


class Swift:
    def _available(self):
        if setting('swift_down', False):
            from swiftclient.exceptions import ClientException
            raise ClientException('Swift is away', http_status=503)

    def get_account(self, *_args, **_options):
        self._available()
        return {}, []

    def head_object(self, _container, name, **_options):
        """The checksum is the one that Trove's row has; there are no bytes to differ."""
        self._available()
        from trove.backup.models import DBBackup
        backup = DBBackup.find_by(id=name.split('.')[0])
        return {'etag': '"%s"' % backup.checksum, 'content-length': '1'}

    def delete_object(self, *_args, **_options):
        self._available()
        if setting('swift_lost', False):
            from swiftclient.exceptions import ClientException
            raise ClientException('Swift has lost its way', http_status=503)

    def put_container(self, *_args, **_options):
        self._available()


def swift(*_args, **_options):
    return Swift()
