package io.ottla.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A release of Apache Kafka, whose programs, tools and brokers, run in a JVM of their own. The old ones run on our Java too. */
public enum KafkaRelease {
    /** 2014: the first whose tools have all of their work done by what they write in ZooKeeper. */
    V0_8("kafka-08"),
    /** 2018: older than what the clients of today are made for (KIP-896), which it still answers in part. */
    V1_1("kafka-11"),
    /** The oldest whose brokers the clients of today speak to (KIP-896). */
    V2_1("kafka-21"),
    /** 2021: the last whose tools take {@code --zookeeper} for topics, moves and elections. */
    V2_8("kafka-28"),
    /** The last whose brokers keep their state in ZooKeeper. */
    V3_9("kafka-39"),
    /** What {@code bin/kafka-run-class.sh} starts. */
    V4_3("");

    private static final Path LOGGING =
            Path.of("src/test/resources/io/ottla/app/kafka-log4j.properties").toAbsolutePath();

    private final String folder;

    KafkaRelease(String folder) {
        this.folder = folder;
    }

    /** The command that runs one of its programs; how {@code KAFKA_HEAP_OPTS} and {@code JAVA_HOME} are set does not matter. */
    public List<String> command(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (this == V4_3) {
            command.addAll(List.of(
                    "env",
                    "JAVA_HOME=" + System.getProperty("java.home"),
                    "KAFKA_HEAP_OPTS=-Xmx256m",
                    Path.of("../bin/kafka-run-class.sh").toAbsolutePath().toString()));
        } else {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dlog4j.configuration=file:" + LOGGING,
                    "-cp",
                    ResolvedJars.of(Path.of("../tools", folder, "pom.xml"), Path.of("target", folder))));
        }
        command.add(program);
        command.addAll(List.of(arguments));
        return command;
    }
}
