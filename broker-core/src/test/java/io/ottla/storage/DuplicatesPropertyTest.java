package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an idempotent producer is told, whatever comes between: a batch that it may still ask for is a duplicate if, and only
 * if, it is in the log.
 */
class DuplicatesPropertyTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(1);
    private static final int SEEDS = 300;
    private static final int STEPS = 60;
    private static final TopicProperties PROPERTIES = TestingLogs.small(1000, 100);

    @TempDir
    Path root;

    /** A batch of a producer, by its number, and where it lies in the log. */
    private record Written(int producer, int number, long offset) {}

    private final List<Written> model = new ArrayList<>();
    private TestingLogs logs;
    private SegmentedLog log;
    private Random random;
    /** The first of each producer's batches that it has not given up or seen answered. */
    private int[] oldest;

    @Test
    void shouldCallADuplicateWhatIsInTheLogAndNothingElse() throws Exception {
        int duplicates = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            random = new Random(seed);
            logs = new TestingLogs(Files.createDirectories(root.resolve("seed-" + seed)), new TestingDisk(random));
            log = logs.create(PROPERTIES);
            model.clear();
            oldest = new int[3];
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> restart();
                    case 1 -> cut();
                    case 2 -> oldest[random.nextInt(oldest.length)]++;
                    default -> duplicates += send("seed " + seed + " step " + step);
                }
            }
            log.close();
        }
        assertThat(duplicates).isGreaterThan(SEEDS);
    }

    /** Sends one of the five batches that are under way: those before it were refused, or their answers were lost. */
    private int send(String where) {
        int producer = random.nextInt(oldest.length);
        int number = oldest[producer] + random.nextInt(ProducerState.BATCHES);
        int records = records(producer, number);
        int sequence = 0;
        for (int i = 0; i < number; i++) {
            sequence += records(producer, i);
        }
        AppendResult result = log.appendAsLeader(
                TestingBatches.idempotent(producer, 0, sequence, records, logs.clock.wallMs()),
                EPOCH,
                AppendOrigin.CLIENT);
        List<Written> own =
                model.stream().filter(one -> one.producer == producer).toList();
        List<Written> askable = own.subList(Math.max(0, own.size() - ProducerState.BATCHES), own.size());
        Written known =
                askable.stream().filter(one -> one.number == number).findFirst().orElse(null);
        switch (result) {
            case AppendResult.Appended appended -> {
                assertThat(known).as(where).isNull();
                model.add(new Written(producer, number, appended.firstOffset()));
            }
            case AppendResult.Duplicate duplicate -> {
                assertThat(known).as(where + ": batch " + number + " is none").isNotNull();
                assertThat(duplicate.firstOffset()).as(where).isEqualTo(known.offset);
                return 1;
            }
            case AppendResult.Refused refused -> {
                assertThat(refused.failure().error()).as(where).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
                assertThat(known).as(where + ": batch " + number + " is here").isNull();
            }
        }
        return 0;
    }

    private static int records(int producer, int number) {
        return 1 + (producer + number) % 3;
    }

    private void restart() throws Exception {
        long end = log.logEndOffset();
        boolean clean = random.nextBoolean();
        long recovered = log.recoveryPoint();
        if (clean) {
            log.close();
        } else {
            log.abandon();
        }
        logs.renewFolder();
        log = logs.open(PROPERTIES, new LogOpener.Known(clean, clean ? end : recovered, 0, 0));
        assertThat(log.logEndOffset()).isEqualTo(end);
    }

    /** Takes back some of the last batches. */
    private void cut() {
        if (!model.isEmpty()) {
            int keep = model.size() - 1 - random.nextInt(Math.min(4, model.size()));
            long offset = model.get(keep).offset;
            log.truncateTo(offset);
            model.removeIf(one -> one.offset >= offset);
            assertThat(log.logEndOffset()).isEqualTo(offset);
        }
    }
}
