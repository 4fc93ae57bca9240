package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.ottla.storage.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is partly in memory and partly in files, sent piece by piece. Owns both until they are sent or
 * {@link #close}d. Belongs to the connection's event loop.
 */
final class AnswerStream {
    /** A range of memory, or a slice where {@code hold} is not null, in the order of the answer. */
    private record Part(int from, int bytes, SliceHold hold) {}

    private final ByteBuf inline;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();

    AnswerStream(ByteBuf inline, List<AnswerEncoder.Gap> gaps) {
        this.inline = inline;
        int from = 0;
        for (AnswerEncoder.Gap gap : gaps) {
            addInline(from, gap.at());
            from = gap.at();
            for (FileSlice slice : gap.records().slices()) {
                parts.add(new Part(0, slice.length(), new SliceHold(slice)));
            }
        }
        addInline(from, inline.writerIndex());
    }

    private void addInline(int from, int to) {
        if (to > from) {
            parts.add(new Part(from, to - from, null));
        }
    }

    boolean isDone() {
        return parts.isEmpty();
    }

    /** Ranges of the next piece that are not known to be in memory, to be touched first; empty where all is. */
    List<PageToucher.Range> cold(int pieceBytes) {
        List<PageToucher.Range> cold = List.of();
        int bytes = 0;
        for (Part part : parts) {
            if (bytes >= pieceBytes) {
                break;
            }
            int wanted = part.hold == null ? part.bytes : Math.min(part.hold.remaining(), pieceBytes - bytes);
            bytes += wanted;
            if (part.hold != null && !part.hold.slice().isResident(part.hold.taken(), wanted)) {
                if (cold.isEmpty()) {
                    cold = new ArrayList<>();
                }
                cold.add(new PageToucher.Range(part.hold.slice(), part.hold.taken(), wanted));
            }
        }
        return cold;
    }

    /**
     * Writes the next piece.
     *
     * @param copiedBytes slices up to this are copied, so that many of them are one write
     * @return whether ranges of files are among it, which the socket may take a while to swallow
     */
    boolean writePiece(FrameOutput output, int pieceBytes, int copiedBytes) throws IOException {
        int left = pieceBytes;
        boolean ranges = false;
        while (left > 0 && !parts.isEmpty()) {
            Part part = parts.peek();
            if (part.hold == null) {
                output.room(part.bytes).writeBytes(inline, part.from, part.bytes);
                left -= part.bytes;
                parts.poll();
                continue;
            }
            SliceHold hold = part.hold;
            if (hold.taken() == 0 && hold.remaining() <= copiedBytes) {
                left -= hold.remaining();
                copy(hold, output);
            } else {
                int bytes = Math.min(hold.remaining(), left);
                output.send(hold.region(bytes));
                ranges = true;
                left -= bytes;
            }
            if (hold.remaining() == 0) {
                parts.poll();
            }
        }
        if (parts.isEmpty()) {
            inline.release();
        }
        return ranges;
    }

    private static void copy(SliceHold hold, FrameOutput output) throws IOException {
        int bytes = hold.remaining();
        ByteBuf room = output.room(bytes);
        ByteBuffer target = room.internalNioBuffer(room.writerIndex(), bytes);
        hold.slice().readInto(target);
        if (target.hasRemaining()) {
            throw new IOException("Expected " + bytes + " bytes of a log's file at "
                    + hold.slice().position() + ", but " + target.remaining() + " are missing");
        }
        room.writerIndex(room.writerIndex() + bytes);
        hold.copied(bytes);
    }

    /** Gives back what will not be sent. */
    void close() {
        if (parts.isEmpty()) {
            return;
        }
        for (Part part : parts) {
            if (part.hold != null) {
                part.hold.abandon();
            }
        }
        parts.clear();
        inline.release();
    }
}
