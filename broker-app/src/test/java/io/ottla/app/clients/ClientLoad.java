package io.ottla.app.clients;

import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * An idempotent producer that sends number after number, up to a thousand a second, a few to the first partition, a few to
 * the second, and so on. Prints what became of each: {@code acknowledged 17}, or {@code failed 17 org.apache.…}. Written
 * with nothing but what kafka-clients 1.1.1 and 4.4.0 both offer; {@link ForeignLoad} hands this file to Java together
 * with the jars of one release.
 */
final class ClientLoad {
    /** Where nobody ends it, it ends by itself. */
    private static final int MOST = 300_000;

    private ClientLoad() {}

    /** @param arguments bootstrap servers, a topic, how many partitions it has, how many numbers a partition gets in a row */
    public static void main(String[] arguments) throws IOException {
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int inARow = Integer.parseInt(arguments[3]);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        try (KafkaProducer<byte[], Long> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new LongSerializer())) {
            for (long number = 0; number < MOST && goesOn(); number++) {
                long sent = number;
                int partition = (int) (number / inARow % partitions);
                producer.send(
                        new ProducerRecord<>(topic, partition, null, number),
                        (metadata, failure) -> System.out.println(
                                failure == null ? "acknowledged " + sent : "failed " + sent + " " + failure));
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Whether the next number is to be sent. At the input "p" makes a pause until something else comes in, "q" is the end. */
    private static boolean goesOn() throws IOException {
        if (System.in.available() == 0) {
            return true;
        }
        int command = System.in.read();
        if (command == 'p') {
            command = System.in.read();
        }
        return command != 'q';
    }
}
