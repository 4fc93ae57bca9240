package io.ottla.console.records;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of which no more is read than may be, until somebody allows more. For one thread. */
final class BoundedBody extends FilterInputStream {
    /** More than may be. */
    static final class TooLarge extends IOException {
        TooLarge(int most) {
            super("more than " + most + " bytes");
        }
    }

    private final int most;
    private long left;

    BoundedBody(InputStream in, int most) {
        super(in);
        this.most = most;
        this.left = most;
    }

    /** From here on, again as much as at the beginning. */
    void allowMore() {
        left = most;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int read = super.read(to, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int read) throws TooLarge {
        left -= read;
        if (left < 0) {
            throw new TooLarge(most);
        }
    }
}
