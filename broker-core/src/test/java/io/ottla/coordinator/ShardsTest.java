package io.ottla.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.TestingMachine.Put;
import io.ottla.record.CheckedBatches;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.replication.Role;
import io.ottla.replication.TestingTopics;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.ProducerIdAndEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class ShardsTest {
    @Test
    void shouldAnswerAWriteWhenItIsCommitted() {
        // given  a shard whose high watermark stands still
        TestingShards testing = TestingShards.active();
        testing.log().holdAcknowledgement();
        // when   something is written
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        // then   it is in the state and in the log at once, and answered when the high watermark has passed it
        assertThat(testing.machine().values).containsEntry("a", "1");
        assertThat(testing.log().logEndOffset()).isEqualTo(1);
        assertThat(put.answer()).isNull();
        testing.log().acknowledgeUpTo(1);
        assertThat(put.answer()).isEqualTo("done");
    }

    /** It has "a" and "b", and a bit of "a" has turned. */
    private static TestingShards damaged() {
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        testing.ask(TestingCall.put("b", "2"));
        testing.log().turnBit(0);
        return testing;
    }

    @Test
    void shouldServeNothingFromADamagedLogWhereAnotherReplicaHasAll() {
        // given
        TestingShards testing = damaged();
        // when   this replica leads anew, beside one in sync
        testing.leadBeside(2, 2, true);
        testing.run();
        // then   it leads no more, and nobody is told that there is no "a"
        assertThat(testing.replicas.partition(TestingShards.TOPIC, 0).role()).isNotInstanceOf(Role.Leading.class);
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("COORDINATOR_LOAD_IN_PROGRESS");
        testing.time.advance(1_000);
        testing.run();
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("COORDINATOR_LOAD_IN_PROGRESS");
        // when   the other one is not in sync any more, before it leads
        testing.leadBeside(2, 3, false);
        testing.time.advance(1_000);
        testing.run();
        // then   what is left is served
        assertThat(testing.ask(TestingCall.get("b")).answer()).isEqualTo("2");
        assertThat(testing.machine().values).containsOnlyKeys("b");
    }

    @Test
    void shouldLeaveOutWhatIsDamagedWhereNobodyElseHasIt() {
        // given
        TestingShards testing = damaged();
        // when   the only replica leads anew
        testing.lead(2);
        testing.run();
        // then   a record that its checksum does not fit is not believed
        assertThat(testing.machine().values).containsOnlyKeys("b");
        assertThat(testing.ask(TestingCall.get("b")).answer()).isEqualTo("2");
    }

    @Test
    void shouldRunOnTheCallingThreadWhereNobodyElseIsThere() {
        TestingShards testing = TestingShards.active();
        assertThat(testing.ask(TestingCall.put("a", "1")).answer()).isEqualTo("done");
        assertThat(testing.threads).isEmpty();
    }

    @Test
    void shouldLeaveTheCallingThreadWhereTheDiskIsNotCalm() {
        // given
        TestingShards testing = TestingShards.active();
        testing.folder.calm = false;
        // when
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        // then
        assertThat(put.answer()).isNull();
        testing.run();
        assertThat(put.answer()).isEqualTo("done");
    }

    @Test
    void shouldWriteWhatWaitsWithOneAppend() {
        // given
        TestingShards testing = TestingShards.active();
        TestingCall first = TestingCall.put("a", "1");
        TestingCall second = TestingCall.put("b", "2", "c", "3");
        TestingCall third = TestingCall.put("a", "4");
        // when   three operations find the shard busy
        testing.askTogether(first, second, third);
        // then   there was one append
        assertThat(testing.log().appends).hasValue(1);
        assertThat(testing.log().logEndOffset()).isEqualTo(4);
        assertThat(List.of(first.answer(), second.answer(), third.answer())).containsOnly("done");
        assertThat(testing.machine().values).containsEntry("a", "4");
    }

    @Test
    void shouldCountWhatItWritesAsWhatProducersBring() {
        // given
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        assertThat(testing.in("messages")).isOne();
        double one = testing.in("bytes");
        assertThat(one).isPositive();
        // when   more is written, and something is refused
        testing.ask(TestingCall.put("a", "2"));
        testing.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
        testing.ask(TestingCall.put("a", "3"));
        // then
        assertThat(testing.in("messages")).isEqualTo(2);
        assertThat(testing.in("bytes")).isEqualTo(2 * one);
    }

    @Test
    void shouldRevertWhatTheLogRefused() {
        // given  something stored, and a log that refuses
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        testing.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
        // when   operations that see each other's effects are to be written together
        TestingCall change = TestingCall.put("a", "2", "b", "2");
        TestingCall again = TestingCall.put("a", null);
        TestingCall read = TestingCall.get("b");
        TestingCall ping = TestingCall.ping();
        testing.askTogether(change, again, read, ping);
        // then   the state is as it was, and whoever rests on it is told
        assertThat(testing.machine().values).containsOnlyKeys("a").containsEntry("a", "1");
        assertThat(List.of(change.answer(), again.answer(), read.answer())).containsOnly("COORDINATOR_NOT_AVAILABLE");
        assertThat(ping.answer()).isEqualTo("done");
        // and    the shard goes on
        testing.log().nextAppend = null;
        assertThat(testing.ask(TestingCall.put("b", "3")).answer()).isEqualTo("done");
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
    }

    @Test
    void shouldLetAReadWaitForItsOwnSubjectAlone() {
        // given  a write of "a" that is not committed
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1", "b", "1"));
        testing.log().holdAcknowledgement();
        testing.ask(TestingCall.put("a", "2"));
        // when
        TestingCall readA = testing.ask(TestingCall.get("a"));
        TestingCall readB = testing.ask(TestingCall.get("b"));
        TestingCall ping = testing.ask(TestingCall.ping());
        // then
        assertThat(readB.answer()).isEqualTo("1");
        assertThat(ping.answer()).isEqualTo("done");
        assertThat(readA.answer()).isNull();
        testing.log().acknowledgeUpTo(3);
        assertThat(readA.answer()).isEqualTo("2");
    }

    @Test
    void shouldTakeNothingForStoredThatOneReplicaAloneHas() {
        // given  two replicas, which both have to be in sync
        TestingShards testing = besideOne();
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        TestingCall end = testing.ask(TestingCall.end(7));
        TestingCall read = testing.ask(TestingCall.get("a"));
        // when   only one is
        testing.leadBeside(2, 3, false);
        testing.time.advance(1_000);
        // then   nobody is told that it is stored, as it might be lost with this one; readers get it
        assertThat(read.answer()).isEqualTo("1");
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
        TestingCall confirmed = testing.ask(TestingCall.confirm("a"));
        assertThat(answers(put, end, confirmed)).containsOnlyNulls();
        // when   the other one is in sync again, and so has it
        testing.leadBeside(2, 4, true);
        testing.time.advance(100);
        // then
        assertThat(answers(put, end, confirmed)).containsOnly("done");
        assertThat(testing.ask(TestingCall.confirm("a")).answer()).isEqualTo("done");
        assertThat(testing.time.waiting()).isZero();
    }

    @Test
    void shouldKeepWhatMayBeStoredYet() {
        // given  what one replica alone has, of two that have to be in sync
        TestingShards testing = besideOne();
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        testing.leadBeside(2, 3, false);
        // when   the time is up
        testing.time.advance(5_000);
        // then   who wrote it may do so again, but the state is that of the log
        assertThat(put.answer()).isEqualTo("COORDINATOR_NOT_AVAILABLE");
        assertThat(testing.machine().values).containsEntry("a", "1");
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
        assertThat(testing.ask(TestingCall.confirm("a")).answer()).isEqualTo("COORDINATOR_NOT_AVAILABLE");
        // when   another broker leads
        testing.follow(3);
        testing.run();
        testing.time.advance(100);
        // then
        assertThat(testing.time.waiting()).isZero();
    }

    @Test
    void shouldNotSayOfWhatWasLoadedThatItIsStoredWhereOneReplicaAloneHasIt() {
        // given  a log with something, whose two replicas have to be in sync
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        testing.log().reconfigure(TestingTopics.minInSync(2));
        // when   it is loaded where only one is
        testing.leadBeside(2, 2, false);
        testing.run();
        TestingCall confirmed = testing.ask(TestingCall.confirm("a"));
        // then
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
        assertThat(confirmed.answer()).isNull();
        testing.leadBeside(2, 3, true);
        testing.time.advance(100);
        assertThat(confirmed.answer()).isEqualTo("done");
    }

    @Test
    void shouldRefuseTheMarkerAloneThatComesTooLate() {
        // given  a marker that the log refuses, and somebody who reads meanwhile
        TestingShards testing = TestingShards.active();
        testing.log().holdAcknowledgement();
        testing.ask(TestingCall.put("a", "1"));
        testing.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.INVALID_PRODUCER_EPOCH));
        TestingCall end = testing.ask(TestingCall.end(7));
        TestingCall read = testing.ask(TestingCall.get("b"));
        // when
        testing.log().acknowledgeUpTo(1);
        // then
        assertThat(end.answer()).isEqualTo("INVALID_PRODUCER_EPOCH");
        assertThat(read.answer()).isEqualTo("done");
    }

    /** Two replicas are in sync, and have to be; the other one has not fetched yet. */
    private static TestingShards besideOne() {
        TestingShards testing = TestingShards.active();
        testing.leadBeside(2, 2, true);
        testing.run();
        testing.log().reconfigure(TestingTopics.minInSync(2));
        return testing;
    }

    private static List<String> answers(TestingCall... calls) {
        return Stream.of(calls).map(TestingCall::answer).toList();
    }

    @Test
    void shouldEndWaitsInTime() {
        // given  a write, and a read of it, that are not committed
        TestingShards testing = TestingShards.active();
        testing.log().holdAcknowledgement();
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        TestingCall read = testing.ask(TestingCall.get("a"));
        // when   the time is up
        testing.time.advance(5_000);
        // then   they are refused, and so are reads from then on, until it is committed after all
        assertThat(List.of(put.answer(), read.answer())).containsOnly("COORDINATOR_NOT_AVAILABLE");
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("COORDINATOR_NOT_AVAILABLE");
        testing.log().acknowledgeUpTo(1);
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
        assertThat(testing.time.waiting()).isZero();
    }

    @Test
    void shouldRefuseWhoeverWaitsWhenTheLeadershipEnds() {
        // given
        TestingShards testing = TestingShards.active();
        testing.log().holdAcknowledgement();
        TestingCall put = testing.ask(TestingCall.put("a", "1"));
        TestingCall read = testing.ask(TestingCall.get("a"));
        TestingMachine machine = testing.machine();
        // when
        testing.follow(2);
        testing.run();
        // then
        assertThat(List.of(put.answer(), read.answer())).containsOnly("NOT_COORDINATOR");
        assertThat(machine.over).isTrue();
        assertThat(testing.ask(TestingCall.ping()).answer()).isEqualTo("NOT_COORDINATOR");
        assertThat(testing.time.waiting()).isZero();
    }

    @Test
    void shouldLoadWhatTheLogHoldsWhenTheLeadershipBegins() {
        // given  a log with values that were replaced and taken away, written in two leaderships
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1", "b", "1", "c", "1"));
        testing.follow(2);
        testing.run();
        testing.lead(3);
        // when   it is led again: refused while it loads
        assertThat(testing.ask(TestingCall.ping()).answer()).isEqualTo("COORDINATOR_LOAD_IN_PROGRESS");
        assertThat(testing.metric("num_partitions", "state", "loading")).isEqualTo(1);
        testing.run();
        // then
        assertThat(testing.metric("num_partitions", "state", "active")).isEqualTo(1);
        assertThat(testing.metric("num_partitions", "state", "loading")).isZero();
        testing.ask(TestingCall.put("a", "2"));
        testing.ask(TestingCall.put("b", null));
        testing.follow(4);
        testing.lead(5);
        testing.run();
        assertThat(testing.machine().values).isEqualTo(new java.util.TreeMap<>(java.util.Map.of("a", "2", "c", "1")));
        assertThat(testing.machine().active).isTrue();
    }

    @Test
    void shouldLetReadsWaitUntilWhatWasLoadedIsCommitted() {
        // given  a log whose end is beyond the high watermark when its leadership begins
        TestingShards testing = TestingShards.active();
        testing.log().holdAcknowledgement();
        testing.ask(TestingCall.put("a", "1"));
        testing.follow(2);
        testing.lead(3);
        testing.run();
        // when
        TestingCall read = testing.ask(TestingCall.get("a"));
        // then
        assertThat(read.answer()).isNull();
        testing.log().acknowledgeUpTo(1);
        assertThat(read.answer()).isEqualTo("1");
        assertThat(testing.ask(TestingCall.get("a")).answer()).isEqualTo("1");
    }

    @Test
    void shouldPassOverWhatItDoesNotKnowAndEndTransactions() {
        // given  records of newer software, a damaged one, one without a key, and a marker
        TestingShards testing = TestingShards.active();
        append(
                testing,
                new RecordBatchBuilder()
                        .append(1, text("new1"), text("x"))
                        .append(1, text("damaged"), text("x"))
                        .append(1, null, text("x"))
                        .append(1, text("a"), text("1"))
                        .build(),
                4);
        append(
                testing,
                new EndTransactionMarker(true, 1)
                        .batch(1, new ProducerIdAndEpoch(77, (short) 0))
                        .buffer(),
                1);
        // when
        testing.follow(2);
        testing.lead(3);
        testing.run();
        // then
        assertThat(testing.machine().values)
                .isEqualTo(new java.util.TreeMap<>(java.util.Map.of("a", "1", "transaction 77", "commit")));
    }

    @Test
    void shouldNotServeALogThatCannotBeRead() {
        // given
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        testing.log().refusesReads = true;
        // when
        testing.follow(2);
        testing.lead(3);
        testing.run();
        // then
        assertThat(testing.ask(TestingCall.ping()).answer()).isEqualTo("NOT_COORDINATOR");
        assertThat(testing.metric("num_partitions", "state", "failed")).isEqualTo(1);
    }

    @Test
    void shouldStoreManyRecordsInSeveralBatchesWhereTheyMayBeDivided() {
        // given  more than a batch may hold
        TestingShards testing = TestingShards.active();
        List<Put> puts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            puts.add(new Put("key" + i, "x".repeat(10_000)));
        }
        // when
        TestingCall whole = testing.ask(TestingCall.put(puts, false));
        // then   it can't be stored as one, but in parts
        assertThat(whole.answer()).isEqualTo("UNKNOWN_SERVER_ERROR");
        assertThat(testing.machine().values).isEmpty();
        TestingCall parts = testing.ask(TestingCall.put(puts, true));
        assertThat(parts.answer()).isEqualTo("done");
        assertThat(testing.machine().values).hasSize(300);
        assertThat(testing.log().logEndOffset()).isEqualTo(300);
        assertThat(testing.log().appends.get()).isGreaterThan(1);
    }

    @Test
    void shouldOutliveAnOperationThatBreaks() {
        TestingShards testing = TestingShards.active();
        TestingCall before = TestingCall.put("a", "1");
        TestingCall poison = TestingCall.put("a", "2", "b", "poison");
        TestingCall breaking = TestingCall.breaking();
        TestingCall after = TestingCall.put("c", "1");
        testing.askTogether(before, breaking, poison, after);
        assertThat(List.of(before.answer(), after.answer())).containsOnly("done");
        assertThat(List.of(breaking.answer(), poison.answer())).containsOnly("UNKNOWN_SERVER_ERROR");
        assertThat(testing.machine().values).containsOnlyKeys("a", "c").containsEntry("a", "1");
    }

    @Test
    void shouldEndWithADiskThatFails() {
        TestingShards testing = TestingShards.active();
        testing.ask(TestingCall.put("a", "1"));
        testing.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.KAFKA_STORAGE_ERROR));
        assertThat(testing.ask(TestingCall.put("a", "2")).answer()).isEqualTo("NOT_COORDINATOR");
        testing.run();
        assertThat(testing.ask(TestingCall.ping()).answer()).isEqualTo("NOT_COORDINATOR");
        assertThat(testing.machine().over).isTrue();
    }

    @Test
    void shouldKnowNoShardOfATopicThatIsGone() {
        TestingShards testing = TestingShards.active();
        testing.delete();
        testing.run();
        assertThat(testing.ask(TestingCall.ping()).answer()).isEqualTo("NOT_COORDINATOR");
        assertThat(testing.shards.numbers()).isEmpty();
    }

    @Test
    void shouldFindTheShardAsKafkaDoes() {
        assertThat(Shards.partitionOf("group", 50)).isEqualTo((int) (Math.abs((long) "group".hashCode()) % 50));
        // "polygenelubricants" has the least of all hash codes
        assertThat(Shards.partitionOf("polygenelubricants", 50)).isZero();
    }

    private static void append(TestingShards testing, ByteBuffer batch, int count) {
        testing.log()
                .appendAsLeader(
                        new CheckedBatches() {
                            @Override
                            public ByteBuffer buffer() {
                                return batch;
                            }

                            @Override
                            public int recordCount() {
                                return count;
                            }

                            @Override
                            public long maxTimestamp() {
                                return 1;
                            }
                        },
                        new LeaderEpoch(1),
                        AppendOrigin.COORDINATOR);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
