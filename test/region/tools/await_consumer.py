"""await_consumer.py HOST:PORT QUEUE: ends well once somebody consumes the queue, badly after five seconds."""
import sys
import time

import amqp

where, queue = sys.argv[1:]
deadline = time.monotonic() + 5
while time.monotonic() < deadline:
    try:
        with amqp.Connection(host=where, userid='trove', password='trove', connect_timeout=2) as connection:
            if connection.channel().queue_declare(queue, passive=True).consumer_count > 0:
                sys.exit(0)
    except (OSError, amqp.AMQPError):
        pass  # no broker or no queue yet
    time.sleep(0.1)
sys.exit(1)
