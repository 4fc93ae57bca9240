"""What ClientLoad.java does, by librdkafka: see there for the arguments, and for what is said and heard."""

import select
import struct
import sys

from confluent_kafka import Producer

MOST = 300_000


def told(number):
    def tell(error, _):
        print(f"acknowledged {number}" if error is None else f"failed {number} {error}", flush=True)

    return tell


def heard():
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return sys.stdin.buffer.raw.read(1) if ready else None


def goes_on(producer):
    command = heard()
    while command == b"p":
        producer.poll(0.05)
        command = heard()
        command = b"p" if command is None else command
    return command not in (b"q", b"")


def main(servers, topic, partitions, in_a_row):
    producer = Producer({"bootstrap.servers": servers, "acks": "all", "enable.idempotence": True, "linger.ms": 0})
    number = 0
    while number < MOST and goes_on(producer):
        partition = number // int(in_a_row) % int(partitions)
        producer.produce(topic, struct.pack(">q", number), partition=partition, callback=told(number))
        producer.poll(0.001)
        number += 1
    producer.flush()


main(*sys.argv[1:])
