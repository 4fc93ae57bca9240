package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where to go on reading, small enough for an address: {@code f} or {@code b} and, in base64url, of each partition the
 * distance from the one before and its offset, both as varints.
 *
 * @param forward whether from these offsets upwards, or below them downwards
 * @param offsets by partition; others are not read
 */
public record Cursor(boolean forward, SortedMap<Integer, Long> offsets) {
    private static final int LONGEST = 6000;
    private static final int MOST = 2000;

    static Cursor of(boolean forward, Map<Integer, Long> offsets) {
        return new Cursor(forward, new TreeMap<>(offsets));
    }

    /** @throws Unreadable where it is none of ours */
    static Cursor parse(String text) {
        if (text.length() < 2 || text.length() > LONGEST || (text.charAt(0) != 'f' && text.charAt(0) != 'b')) {
            throw foreign(text);
        }
        try {
            ByteBuffer from = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(1)));
            SortedMap<Integer, Long> offsets = new TreeMap<>();
            int partition = 0;
            while (from.hasRemaining()) {
                long distance = Varint.read(from);
                long offset = Varint.read(from);
                if (distance < 0 || distance > Integer.MAX_VALUE - partition || offset < 0 || offsets.size() == MOST) {
                    throw foreign(text);
                }
                partition += (int) distance;
                offsets.put(partition, offset);
            }
            return new Cursor(text.charAt(0) == 'f', offsets);
        } catch (IllegalArgumentException | Malformed unreadable) {
            throw foreign(text);
        }
    }

    private static Unreadable foreign(String text) {
        return new Unreadable("cursor", Wording.of("records.bad.cursor", Unreadable.shortened(text)));
    }

    @Override
    public String toString() {
        ByteBuffer to = ByteBuffer.allocate(offsets.size() * 15);
        int before = 0;
        for (Map.Entry<Integer, Long> each : offsets.entrySet()) {
            Varint.write(each.getKey() - before, to);
            Varint.write(each.getValue(), to);
            before = each.getKey();
        }
        return (forward ? "f" : "b")
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(java.util.Arrays.copyOf(to.array(), to.position()));
    }
}
