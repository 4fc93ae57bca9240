"""What an application does with python3-kafka: BOOTSTRAP TOPIC; prints one line for each thing done."""
import sys
import threading
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import GroupCoordinatorNotAvailableError

bootstrap, topic = sys.argv[1:]
codecs = [None, "gzip", "snappy", "lz4"]
count = 50


def expect(holds, what):
    if not holds:
        raise SystemExit("Expected " + what)


admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
expect(topic in admin.list_topics(), "the topic in the list")
expect(len(admin.describe_cluster()["brokers"]) == 1, "one broker")
expect(admin.describe_topics([topic])[0]["error_code"] == 0, "the topic described")
print("created")

written = 0
for codec in codecs:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=codec)
    sent = [
        producer.send(topic, key=b"key-%d" % i, value=b"value-%d" % (written + i), headers=[("h", b"1")], partition=0)
        for i in range(count)
    ]
    producer.flush()
    for i, future in enumerate(sent):
        expect(future.get(30).offset == written + i, "offset %d" % (written + i))
    written += count
    producer.close()
    print("produced", codec)

partition = TopicPartition(topic, 0)
consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, consumer_timeout_ms=20000)
consumer.assign([partition])
consumer.seek_to_beginning(partition)
for offset in range(written):
    record = next(consumer)
    expect(record.offset == offset, "offset %d, but it is %d" % (offset, record.offset))
    expect(record.value == b"value-%d" % offset, "value %d, but it is %r" % (offset, record.value))
    expect(record.headers == [("h", b"1")], "a header, but there is %r" % record.headers)
print("consumed all")
expect(consumer.beginning_offsets([partition]) == {partition: 0}, "beginning 0")
expect(consumer.end_offsets([partition]) == {partition: written}, "end %d" % written)
expect(consumer.offsets_for_times({partition: 1})[partition].offset == 0, "offset 0 by time")
print("listed offsets")
consumer.close()

group = "group-of-" + topic
seen = []


class Member(threading.Thread):
    """Reads and commits until all is read; joining a group blocks, so that each member needs a thread."""

    def __init__(self):
        super().__init__(daemon=True)
        self.consumer = KafkaConsumer(
            topic, bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
            heartbeat_interval_ms=300, session_timeout_ms=6000)
        self.going = True
        self.start()

    def run(self):
        while self.going:
            for records in self.consumer.poll(timeout_ms=200).values():
                seen.extend(record.offset for record in records)
                self.consumer.commit()


def wait(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        expect(time.monotonic() < deadline, what)
        time.sleep(0.1)


def count_members():
    try:
        return len(admin.describe_consumer_groups([group])[0].members)
    except GroupCoordinatorNotAvailableError:
        return 0  # The topic of groups is made when somebody first asks for one; this client leaves it to us to ask again.


members = [Member(), Member()]
wait(lambda: count_members() == 2, "two members")
wait(lambda: set(seen) == set(range(written)), "%d records, but there are %d" % (written, len(seen)))
for member in members:
    member.going = False
for member in members:
    member.join(60)
expect(admin.list_consumer_group_offsets(group)[partition].offset == written, "the offset by the admin client")
for member in members:
    member.consumer.close()
expect((group, "consumer") in admin.list_consumer_groups(), "the group in the list")
expect(admin.delete_consumer_groups([group])[0][1].errno == 0, "the group deleted")
print("shared in a group")

admin.delete_topics([topic])
print("deleted")
admin.close()
