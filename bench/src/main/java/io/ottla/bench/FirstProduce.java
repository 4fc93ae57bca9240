package io.ottla.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * Waits for a broker that is about to start, from a JVM that already runs, and says when it first answered, made a topic,
 * and acknowledged a record; the work of {@code bench/startup.sh}. Speaks Kafka's protocol with plain bytes, so that no
 * client library's own start is measured, and so that it measures any broker of that protocol.
 *
 * <p>{@code java FirstProduce.java PORT [CONSOLE_PORT]}: prints {@code armed}, then lines of a name and Unix
 * milliseconds: {@code answers}, {@code creates}, {@code produces}, {@code console}.
 */
final class FirstProduce {
    private static final short PRODUCE = 0;
    private static final short API_VERSIONS = 18;
    private static final short CREATE_TOPICS = 19;
    private static final short NONE = 0;
    private static final short TOPIC_ALREADY_EXISTS = 36;
    private static final int ANSWER_MS = 10_000;
    private static final long BETWEEN_TRIES_NS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long GIVE_UP_NS = TimeUnit.MINUTES.toNanos(5);

    private final InetSocketAddress broker;
    private final byte[] topic = ("first-" + Long.toString(System.nanoTime(), 36)).getBytes(StandardCharsets.UTF_8);
    private final ByteBuffer versions = request(API_VERSIONS, (short) 0, ByteBuffer.allocate(0));
    private final ByteBuffer creation = request(CREATE_TOPICS, (short) 4, creation());
    private final ByteBuffer production = request(PRODUCE, (short) 3, production());
    private final long beganNs = System.nanoTime();

    private FirstProduce(int port) {
        broker = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** One try of one step; false where it has to be tried again. */
    private interface Step {
        boolean succeeds() throws IOException;
    }

    public static void main(String[] arguments) {
        FirstProduce probe = new FirstProduce(Integer.parseInt(arguments[0]));
        System.out.println("armed");
        probe.until("answers", () -> probe.ask(probe.versions).getShort(4) == NONE);
        probe.until("creates", probe::creates);
        probe.until("produces", probe::produces);
        if (arguments.length > 1) {
            URI live = URI.create("http://127.0.0.1:" + arguments[1] + "/livez");
            probe.until("console", () -> answersOk(live));
        }
    }

    private void until(String name, Step step) {
        while (true) {
            try {
                if (step.succeeds()) {
                    System.out.println(name + " " + System.currentTimeMillis());
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen, or closed the connection: tried again below.
            }
            if (System.nanoTime() - beganNs > GIVE_UP_NS) {
                throw new IllegalStateException("Expected that it " + name + " within five minutes, but it does not");
            }
            LockSupport.parkNanos(BETWEEN_TRIES_NS);
        }
    }

    private boolean creates() throws IOException {
        ByteBuffer answer = ask(creation);
        // correlation, throttle time, count, name, error
        short error = answer.getShort(4 + 4 + 4 + 2 + topic.length);
        return error == NONE || error == TOPIC_ALREADY_EXISTS;
    }

    private boolean produces() throws IOException {
        ByteBuffer answer = ask(production);
        // correlation, count, name, count, partition, error
        return answer.getShort(4 + 4 + 2 + topic.length + 4 + 4) == NONE;
    }

    private static boolean answersOk(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(ANSWER_MS);
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    }

    /** The answer from its correlation id on. */
    private ByteBuffer ask(ByteBuffer request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MS);
            socket.connect(broker);
            socket.getOutputStream().write(request.array(), request.arrayOffset(), request.limit());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            return ByteBuffer.wrap(answer);
        }
    }

    /** With its length in front and the header of version 1. */
    private static ByteBuffer request(short api, short version, ByteBuffer body) {
        ByteBuffer request = ByteBuffer.allocate(4 + 2 + 2 + 4 + 2 + body.remaining());
        request.putInt(request.capacity() - 4)
                .putShort(api)
                .putShort(version)
                .putInt(1)
                .putShort((short) -1);
        return request.put(body).flip();
    }

    /** One topic of one partition and one replica, without configuration. */
    private ByteBuffer creation() {
        ByteBuffer body = ByteBuffer.allocate(64);
        body.putInt(1).putShort((short) topic.length).put(topic);
        body.putInt(1).putShort((short) 1).putInt(0).putInt(0);
        body.putInt(ANSWER_MS).put((byte) 0);
        return body.flip();
    }

    /** One record to partition 0, acks=all. */
    private ByteBuffer production() {
        ByteBuffer batch = batch();
        ByteBuffer body = ByteBuffer.allocate(64 + batch.remaining());
        body.putShort((short) -1).putShort((short) -1).putInt(ANSWER_MS);
        body.putInt(1).putShort((short) topic.length).put(topic);
        body.putInt(1).putInt(0).putInt(batch.remaining()).put(batch);
        return body.flip();
    }

    /** A batch of message format v2 with one record whose value is one byte. */
    private static ByteBuffer batch() {
        // length 7, attributes, both deltas, no key, a value of one byte, no headers; numbers in zigzag
        byte[] record = {14, 0, 0, 0, 1, 2, 'x', 0};
        ByteBuffer batch = ByteBuffer.allocate(61 + record.length);
        batch.putLong(0).putInt(batch.capacity() - 12).putInt(-1).put((byte) 2).putInt(0);
        batch.putShort((short) 0).putInt(0);
        batch.putLong(System.currentTimeMillis()).putLong(System.currentTimeMillis());
        batch.putLong(-1).putShort((short) -1).putInt(-1).putInt(1).put(record);
        CRC32C crc = new CRC32C();
        crc.update(batch.array(), 21, batch.capacity() - 21);
        batch.putInt(17, (int) crc.getValue());
        return batch.flip();
    }
}
