package io.ottla.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A shard's state that is a map of texts, and everything an operation on it can be. */
final class TestingMachine implements ShardMachine<TestingMachine.Put> {
    /** @param value null takes the key away */
    record Put(String key, String value) {}

    static final class Kind implements ShardKind<TestingMachine, Put>, RecordFormat<Put> {
        final List<TestingMachine> made = new ArrayList<>();

        @Override
        public String topic() {
            return "__testing";
        }

        @Override
        public String coordinator() {
            return "testing-coordinator";
        }

        @Override
        public RecordFormat<Put> format() {
            return this;
        }

        @Override
        public synchronized TestingMachine machine(ShardContext<TestingMachine, Put> context, int partition) {
            TestingMachine machine = new TestingMachine(context);
            made.add(machine);
            return machine;
        }

        @Override
        public ByteBuffer key(Put record) {
            return ByteBuffer.wrap(record.key().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public ByteBuffer value(Put record) {
            return record.value() == null
                    ? null
                    : ByteBuffer.wrap(record.value().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String subject(Put record) {
            return record.key();
        }

        @Override
        public Put read(ByteBuffer key, ByteBuffer value) throws UnknownRecord {
            String name = StandardCharsets.UTF_8.decode(key).toString();
            if (name.startsWith("new")) {
                throw new UnknownRecord("type new");
            }
            if (name.startsWith("damaged")) {
                throw new IllegalStateException("Expected a record, but it is damaged");
            }
            return new Put(
                    name,
                    value == null ? null : StandardCharsets.UTF_8.decode(value).toString());
        }
    }

    final ShardContext<TestingMachine, Put> context;
    final TreeMap<String, String> values = new TreeMap<>();
    boolean active;
    boolean over;

    TestingMachine(ShardContext<TestingMachine, Put> context) {
        this.context = context;
    }

    @Override
    public void apply(Put record, long offset, long producerId, short producerEpoch, UndoLog undo) {
        if ("poison".equals(record.value())) {
            throw new IllegalStateException("Expected no poison, but got some");
        }
        String before = record.value() == null ? values.remove(record.key()) : values.put(record.key(), record.value());
        undo.add(() -> {
            if (before == null) {
                values.remove(record.key());
            } else {
                values.put(record.key(), before);
            }
        });
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean commits, UndoLog undo) {
        values.put("transaction " + producerId, commits ? "commit" : "abort");
    }

    @Override
    public void activated() {
        active = true;
    }

    @Override
    public void deactivated() {
        over = true;
    }
}
