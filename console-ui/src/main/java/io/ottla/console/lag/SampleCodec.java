package io.ottla.console.lag;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Sample} as records of the topic: one, or several where it is large. Numbers as {@link Varints} has them, varlongs
 * zigzagged; names are UTF-8 behind their length.
 *
 * <pre>
 *   version    int8      1
 *   flags      int8      1 whole, 2 first of its sample, 4 last of its sample
 *   at         int64     milliseconds since 1970
 *   groups     varint    count, then for each:
 *     name       varint, bytes; a zero byte before it where ZooKeeper keeps the group
 *     members    varint    0 the group is gone and nothing follows, 1 unknown, else members + 2
 *     topics     varint    count, then for each:
 *       name       varint, bytes
 *       partitions varint
 *       committed  varlong
 *       lag        varlong
 * </pre>
 */
final class SampleCodec {
    /** Past this many bytes the next record begins: far below what a topic takes by default. */
    static final int CHUNK_BYTES = 256 * 1024;

    private static final byte VERSION = 1;
    private static final int WHOLE = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;
    private static final int GONE = 0;
    private static final int BEFORE_MEMBERS = 2;
    private static final int HEADER = 2 + Long.BYTES;

    private SampleCodec() {}

    /** A record's part of a sample. */
    record Chunk(Sample sample, boolean first, boolean last) {}

    static List<byte[]> encode(Sample sample) {
        List<byte[]> bodies = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        Body body = new Body();
        for (GroupFigures group : sample.groups()) {
            body = body.roomier(bodies, counts);
            body.group(group);
        }
        for (GroupKey gone : sample.gone()) {
            body = body.roomier(bodies, counts);
            body.gone(gone);
        }
        body.finish(bodies, counts);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            int flags = (sample.whole() ? WHOLE : 0) | (i == 0 ? FIRST : 0) | (i == bodies.size() - 1 ? LAST : 0);
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.writeBytes(ByteBuffer.allocate(HEADER)
                    .put(VERSION)
                    .put((byte) flags)
                    .putLong(sample.atMs())
                    .array());
            Varints.write(counts.get(i), record);
            record.writeBytes(bodies.get(i));
            records.add(record.toByteArray());
        }
        return records;
    }

    /** @throws IllegalArgumentException where the bytes are no such record */
    static Chunk decode(ByteBuffer record) {
        try {
            byte version = record.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("Expected a sample of version " + VERSION + ", but got " + version);
            }
            int flags = record.get();
            long at = record.getLong();
            int count = Varints.readCount(record);
            List<GroupFigures> groups = new ArrayList<>();
            List<GroupKey> gone = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                GroupKey name = GroupKey.read(text(record));
                int members = Varints.readCount(record);
                if (members == GONE) {
                    gone.add(name);
                } else {
                    groups.add(new GroupFigures(name, members - BEFORE_MEMBERS, topics(record)));
                }
            }
            return new Chunk(
                    new Sample(at, (flags & WHOLE) != 0, groups, gone), (flags & FIRST) != 0, (flags & LAST) != 0);
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("Expected a whole sample, but the record ends too early", cut);
        }
    }

    private static List<TopicFigures> topics(ByteBuffer record) {
        int count = Varints.readCount(record);
        List<TopicFigures> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            topics.add(new TopicFigures(
                    text(record), Varints.readCount(record), Varints.readSigned(record), Varints.readSigned(record)));
        }
        return topics;
    }

    private static String text(ByteBuffer record) {
        int length = Varints.readCount(record);
        if (length < 0 || length > record.remaining()) {
            throw new IllegalArgumentException(
                    "Expected a name of up to " + record.remaining() + " bytes, but got " + length);
        }
        byte[] bytes = new byte[length];
        record.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What follows a record's head. */
    private static final class Body {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int count;

        Body roomier(List<byte[]> bodies, List<Integer> counts) {
            if (out.size() < CHUNK_BYTES) {
                return this;
            }
            finish(bodies, counts);
            return new Body();
        }

        void finish(List<byte[]> bodies, List<Integer> counts) {
            bodies.add(out.toByteArray());
            counts.add(count);
        }

        void group(GroupFigures group) {
            count++;
            text(group.group().text());
            Varints.write(group.members() + BEFORE_MEMBERS, out);
            Varints.write(group.topics().size(), out);
            for (TopicFigures topic : group.topics()) {
                text(topic.topic());
                Varints.write(topic.partitions(), out);
                Varints.writeSigned(topic.committed(), out);
                Varints.writeSigned(topic.lag(), out);
            }
        }

        void gone(GroupKey group) {
            count++;
            text(group.text());
            Varints.write(GONE, out);
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            Varints.write(utf8.length, out);
            out.writeBytes(utf8);
        }
    }
}
