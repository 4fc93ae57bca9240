package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.ottla.protocol.DeferredRecords;
import io.ottla.protocol.EncodedFrame;
import io.ottla.storage.FileSlice;
import io.ottla.storage.StoredRecords;
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
    /** Bytes or a slice, the other is null; in the order of the answer. */
    private record Part(ByteBuf bytes, SliceHold hold) {}

    private final ArrayDeque<Part> parts = new ArrayDeque<>();

    /** Takes the frame over. */
    AnswerStream(EncodedFrame frame) {
        for (EncodedFrame.Part part : frame.parts()) {
            switch (part) {
                case EncodedFrame.Part.Bytes(ByteBuf bytes) -> parts.add(new Part(bytes, null));
                case EncodedFrame.Part.Deferred(StoredRecords records) -> {
                    for (FileSlice slice : records.slices()) {
                        parts.add(new Part(null, new SliceHold(slice)));
                    }
                }
                case EncodedFrame.Part.Deferred(DeferredRecords other) ->
                    throw new IllegalArgumentException("Expected records in a log's files, but got "
                            + other.getClass().getName());
            }
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
            if (part.hold == null) {
                continue;
            }
            int wanted = share(part.hold, bytes, pieceBytes);
            if (wanted == 0) {
                break;
            }
            bytes += wanted;
            if (!part.hold.slice().isResident(part.hold.taken(), wanted)) {
                if (cold.isEmpty()) {
                    cold = new ArrayList<>();
                }
                cold.add(new PageToucher.Range(part.hold.slice(), part.hold.taken(), wanted));
            }
        }
        return cold;
    }

    /**
     * How much of a slice goes into a piece: all of it where there is room, else nothing, so that it is sent by one call
     * in the next piece; as much as a piece holds where it is larger than that.
     *
     * @param bytes of slices that are in the piece already
     */
    private static int share(SliceHold hold, int bytes, int pieceBytes) {
        int wanted = Math.min(hold.remaining(), pieceBytes);
        return bytes > 0 && bytes + wanted > pieceBytes ? 0 : wanted;
    }

    /**
     * Writes the next piece.
     *
     * @param pieceBytes of slices at most; what lies in memory beside them doesn't count
     * @param copiedBytes slices up to this are copied, so that many of them are one write
     * @return whether ranges of files are among it, which the socket may take a while to swallow
     */
    boolean writePiece(FrameOutput output, int pieceBytes, int copiedBytes) throws IOException {
        int bytes = 0;
        boolean ranges = false;
        while (!parts.isEmpty()) {
            Part part = parts.peek();
            if (part.hold == null) {
                parts.poll();
                output.add(part.bytes);
                continue;
            }
            SliceHold hold = part.hold;
            int wanted = share(hold, bytes, pieceBytes);
            if (wanted == 0) {
                break;
            }
            bytes += wanted;
            if (hold.taken() == 0 && hold.remaining() <= copiedBytes) {
                copy(hold, output);
            } else {
                output.send(hold.region(wanted));
                ranges = true;
            }
            if (hold.remaining() > 0) {
                break;
            }
            parts.poll();
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
        for (Part part : parts) {
            if (part.hold == null) {
                part.bytes.release();
            } else {
                part.hold.abandon();
            }
        }
        parts.clear();
    }
}
