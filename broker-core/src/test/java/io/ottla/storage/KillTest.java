package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.TopicPartition;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a process that appends: what it acknowledged is there, the rest is a clean prefix. */
@Tag("full")
class KillTest {
    private static final int LIVES = 8;

    @TempDir
    Path root;

    private final long[] acknowledged = new long[KilledWriter.PARTITIONS];

    @Test
    void shouldKeepWhatAKilledProcessAcknowledged() throws Exception {
        Random random = new Random(42);
        for (int life = 0; life < LIVES; life++) {
            // when  a process of its own appends and is killed, sometimes early, sometimes among many rolls
            runAndKill(life, random.nextInt(1 << (1 + random.nextInt(8))));
            // then
            if (random.nextInt(3) > 0) {
                check(life, random.nextBoolean());
            }
        }
        check(LIVES, true);
        check(LIVES, true); // after a clean stop
        assertThat(Arrays.stream(acknowledged).sum()).isGreaterThan(300);
    }

    private void runAndKill(int life, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        root.toString(),
                        Integer.toString(life),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        boolean begun = false;
        int heard = 0;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null) {
                assertThat(line).doesNotContain("failed", "moved");
                begun |= line.equals("begun");
                String[] words = line.split(" ");
                // a line that the kill cut short is none
                if (words.length == 2
                        && words[0].length() == 1
                        && Character.isDigit(words[0].charAt(0))
                        && heard <= lines) {
                    int partition = Integer.parseInt(words[0]);
                    acknowledged[partition] = Math.max(acknowledged[partition], Long.parseLong(words[1]));
                    heard++;
                }
                if (begun && heard > lines) {
                    process.destroyForcibly();
                    break;
                }
                line = out.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThat(begun).isTrue();
    }

    /** Opens what is left and reads all of it; stops cleanly or just lets go. */
    private void check(int life, boolean clean) throws IOException {
        LogFolders folders = KilledWriter.open(root, new TestingThreads(), new TestingTimer(), new Random(life));
        for (int partition = 0; partition < KilledWriter.PARTITIONS; partition++) {
            PartitionLog log = folders.find(new TopicPartition("t", partition));
            if (log == null) {
                assertThat(acknowledged[partition]).isZero();
                continue;
            }
            assertThat(log.logEndOffset())
                    .as("life %s of %s", life, log)
                    .isGreaterThanOrEqualTo(acknowledged[partition]);
            assertThat(log.logStartOffset()).isZero();
            readAll(life, partition, log);
            // what was found counts from now on
            acknowledged[partition] = Math.max(acknowledged[partition], log.logEndOffset());
        }
        if (clean) {
            folders.close(1);
        } else {
            for (PartitionLog log : folders.logs()) {
                ((SegmentedLog) log).abandon();
            }
            folders.close(1);
            Files.delete(root.resolve(".kafka_cleanshutdown"));
        }
    }

    private static void readAll(int life, int partition, PartitionLog log) throws IOException {
        long next = 0;
        while (next < log.logEndOffset()) {
            ReadResult.Found found = (ReadResult.Found) log.read(next, log.logEndOffset(), 5000, true);
            assertThat(found.slices()).isNotEmpty();
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        assertThat(record.offset())
                                .as("life %s of %s", life, log)
                                .isEqualTo(next);
                        assertThat(record.value()).isEqualTo(ByteBuffer.wrap(KilledWriter.value(partition, next)));
                        next++;
                    }
                }
                slice.release();
            }
        }
    }
}
