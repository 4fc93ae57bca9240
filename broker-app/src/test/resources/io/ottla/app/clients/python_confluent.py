"""What an application does with python3-confluent-kafka: BOOTSTRAP TOPIC; prints one line for each thing done."""
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, topic = sys.argv[1:]
codecs = ["none", "gzip", "snappy", "lz4", "zstd"]
count = 50


def expect(holds, what):
    if not holds:
        raise SystemExit("Expected " + what)


def produce(settings, written):
    offsets = []

    def delivered(error, message):
        expect(error is None, "no error, but there is %s" % error)
        offsets.append(message.offset())

    producer = Producer({"bootstrap.servers": bootstrap, **settings})
    for i in range(count):
        producer.produce(
            topic, key=b"key-%d" % i, value=b"value-%d" % (written + i), partition=0, headers={"h": b"1"},
            callback=delivered)
    expect(producer.flush(60) == 0, "nothing left in the queue")
    expect(offsets == list(range(written, written + count)), "offsets in order, but they are %s" % offsets)
    return written + count


admin = AdminClient({"bootstrap.servers": bootstrap})
admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])[topic].result(30)
metadata = admin.list_topics(topic, timeout=30)
expect(len(metadata.brokers) == 1, "one broker")
expect(metadata.topics[topic].error is None, "the topic in the list")
expect(metadata.topics[topic].partitions[0].leader in metadata.brokers, "a leader")
print("created")

written = 0
for codec in codecs:
    written = produce({"acks": "all", "compression.type": codec}, written)
    print("produced", codec)
    written = produce({"enable.idempotence": True, "compression.type": codec}, written)
    print("produced", codec, "idempotent")

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False})
consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
for offset in range(written):
    message = consumer.poll(20)
    expect(message is not None and message.error() is None, "record %d, but there is %s" % (offset, message))
    expect(message.offset() == offset, "offset %d, but it is %d" % (offset, message.offset()))
    expect(message.value() == b"value-%d" % offset, "value %d, but it is %r" % (offset, message.value()))
    expect(message.headers() == [("h", b"1")], "a header, but there is %r" % message.headers())
print("consumed all")
expect(consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=20) == (0, written), "offsets 0, %d" % written)
expect(consumer.offsets_for_times([TopicPartition(topic, 0, 1)], timeout=20)[0].offset == 0, "offset 0 by time")
print("listed offsets")
consumer.close()

group = "group-of-" + topic
settings = {
    "bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
    "heartbeat.interval.ms": 300, "session.timeout.ms": 6000}
members = [Consumer(settings) for _ in range(2)]
for member in members:
    member.subscribe([topic])
seen = 0
for _ in range(3000):
    for member in members:
        message = member.poll(0.05)
        if message is not None and message.error() is None:
            seen += 1
            member.commit(message, asynchronous=False)
    if seen >= written:
        break
expect(seen == written, "%d records, but there are %d" % (written, seen))
expect(members[0].committed([TopicPartition(topic, 0)], timeout=20)[0].offset == written, "all committed")
for member in members:
    member.close()
expect(group in [listed.id for listed in admin.list_groups(timeout=20)], "the group in the list")
print("shared in a group")

admin.delete_topics([topic])[topic].result(30)
print("deleted")
