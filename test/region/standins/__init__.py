"""What stands in for the hypervisors and for the guest agents. Trove loads each by its remote_*_client option."""
from .compute import nova
from .guest import guest
from .network import glance, NetworkDriver, neutron
from .objects import swift
from .volumes import cinder

__all__ = ['cinder', 'glance', 'guest', 'NetworkDriver', 'neutron', 'nova', 'swift']
