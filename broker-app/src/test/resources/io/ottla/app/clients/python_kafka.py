"""What an application does with python3-kafka: BOOTSTRAP TOPIC; prints one line for each thing done."""
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

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

admin.delete_topics([topic])
print("deleted")
admin.close()
