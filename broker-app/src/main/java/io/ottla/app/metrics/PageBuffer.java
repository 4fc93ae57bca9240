package io.ottla.app.metrics;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a page in Prometheus' text formats. Grows; not thread-safe. */
final class PageBuffer extends OutputStream {
    /** Up to here a double tells each whole number from the next. */
    private static final double MOST_WHOLE = 1L << 53;

    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes;
    private int length;

    PageBuffer(int expected) {
        bytes = new byte[expected];
    }

    int length() {
        return length;
    }

    /** Takes back what was written from there on. */
    void cut(int to) {
        length = to;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length + (bytes.length >> 1), length + more));
        }
    }

    @Override
    public void write(int b) {
        room(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    @Override
    public void write(byte[] from) {
        write(from, 0, from.length);
    }

    /** Text as it is. */
    void text(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                write(text.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    /** Text in which backslashes and line ends have to be told from those of the format, and quotes where they are asked for. */
    void escaped(String text, boolean quotes) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\n' || quotes && c == '"') {
                text(text.substring(from, i));
                write('\\');
                write(c == '\n' ? 'n' : c);
                from = i + 1;
            }
        }
        text(from == 0 ? text : text.substring(from));
    }

    void number(long value) {
        if (value < 0) {
            text(Long.toString(value));
            return;
        }
        room(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int at = length + digits;
        long rest = value;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        length += digits;
    }

    void number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < MOST_WHOLE) {
            number((long) value);
        } else if (Double.isInfinite(value)) {
            text(value > 0 ? "+Inf" : "-Inf");
        } else {
            text(Double.toString(value)); // NaN included
        }
    }
}
