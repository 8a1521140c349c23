"""What openstacksdk makes of clouds: reads a list of {env, cloud, region} on stdin, writes a list of what it found."""
import json
import os
import sys
import warnings

import keystoneauth1.loading  # noqa: F401  the slow part, once for all
import yaml  # noqa: F401

warnings.simplefilter("ignore")


def read(case):
    os.environ.clear()
    os.environ.update(case["env"])
    from openstack.config import loader  # after the environment: the search path is made when it is imported

    found = loader.OpenStackConfig().get_one(case.get("cloud"), **({"region_name": case["region"]} if "region" in case else {}))
    return {
        "auth_type": found.config["auth_type"],
        "auth": found.config["auth"],
        "region": found.get_region_name("database"),
        "interface": found.get_interface("database"),
        "endpoint": found.get_endpoint("database"),
    }


def in_child(case):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            try:
                json.dump(read(case), out)
            except BaseException as error:
                json.dump({"error": repr(error)}, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.wait()
    return json.loads(text)


json.dump([in_child(case) for case in json.load(sys.stdin)], sys.stdout)
