"""Neutron and Glance: there is one network and one image, and every request for something new is granted."""
import uuid

from .state import Thing


class Neutron:
    """Answers list_<kind>, show_<kind>, create_<kind>, delete_<kind> alike for every kind."""

    def __getattr__(self, name):
        verb, _, kind = name.partition('_')
        if verb not in ('list', 'show', 'create', 'update', 'delete') or not kind:
            raise AttributeError(name)

        def answer(*_args, **_options):
            if verb == 'list':
                return {kind: []}
            address = {'subnet_id': str(uuid.uuid4()), 'ip_address': '10.0.0.5'}
            return {kind: {'id': str(uuid.uuid4()), 'name': 'private', 'network_id': str(uuid.uuid4()), 'subnets': [],
                           'cidr': '10.0.0.0/24', 'security_groups': [], 'fixed_ips': [address]}}
        return answer


def neutron(*_args, **_options):
    return Neutron()


class NetworkDriver:
    """Trove's own layer above Neutron, for security groups."""

    def __init__(self, *_args):
        pass

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda *_args, **_options: {}


class Images:
    @staticmethod
    def get(image_id):
        return Thing(id=image_id, status='active', created_at='2026-01-01T00:00:00Z')

    def list(self, **_options):
        return iter([self.get('22222222-2222-2222-2222-222222222222')])


def glance(*_args, **_options):
    return Thing(images=Images())
