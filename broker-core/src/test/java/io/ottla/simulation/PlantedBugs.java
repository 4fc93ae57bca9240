package io.ottla.simulation;

import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.Answer;
import io.ottla.zookeeper.SessionClient;
import io.ottla.zookeeper.ZooKeeperRequests;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.SetDataRequest;

/**
 * Bugs that replication and transactions are famous for, planted at the edges of brokers that are otherwise as they should be: a simulator
 * that does not find them finds nothing.
 */
enum PlantedBugs implements Tampering.Planted {
    /** A follower of a new leader cuts its log to its own high watermark (what KIP-101 did away with). */
    TRUNCATES_BY_HIGH_WATERMARK {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return new Tampering() {
                @Override
                public PeerClient peers(PeerClient real) {
                    return new Truncating(real);
                }
            };
        }
    },
    /** A follower fetches without saying which epoch it follows, nor which it has (the first rule of KIP-320). */
    SKIPS_EPOCH_FENCE {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return new Tampering() {
                @Override
                public PeerClient peers(PeerClient real) {
                    return new Changed(real) {
                        @Override
                        FetchRequestData change(FetchRequestData fetch) {
                            for (FetchTopic topic : fetch.topics()) {
                                for (FetchPartition partition : topic.partitions()) {
                                    partition.setCurrentLeaderEpoch(-1).setLastFetchedEpoch(-1);
                                }
                            }
                            return fetch;
                        }
                    };
                }
            };
        }
    },
    /** A leader takes acks=all for acks=1. */
    ACKNOWLEDGES_BEFORE_REPLICATION {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return atTheDoor(PlantedBugs::acksOne);
        }
    },
    /** A replica that has left the in-sync set goes on being in it, for whoever reads the partition's node. */
    LETS_REMOVED_REPLICAS_COUNT {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return meddling(new KeepsInSync());
        }
    },
    /** A transaction whose answer was lost is sent again, whatever has happened meanwhile. */
    RETRIES_LOST_WRITES_BLINDLY {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return meddling(PlantedBugs::sendUntilAnswered);
        }
    },
    /** A coordinator tells one partition of each broker how a transaction ended, and believes that all know. */
    MARKS_ONE_PARTITION {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return betweenBrokers(new TransactionBugs.OneMarker());
        }
    },
    /** A coordinator tells other brokers that what is to be committed is aborted. */
    FORGETS_PREPARED_COMMIT {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return betweenBrokers(new TransactionBugs.Forgotten());
        }
    },
    /** A leader takes what clients write for a part of their transactions, without asking (before KIP-890). */
    APPENDS_UNVERIFIED {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return betweenBrokers(new TransactionBugs.Unverified());
        }
    },
    /** Readers of what is committed get everything, and no list of what was aborted. */
    IGNORES_ABORTED {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return atTheDoor(TransactionBugs::readsAll);
        }
    },
    /** Offsets are told though a transaction with others is under way (KIP-447). */
    TELLS_UNSTABLE_OFFSETS {
        @Override
        public Tampering in(int broker, SimulatedProcess process) {
            return atTheDoor(TransactionBugs::takesUnstable);
        }
    };

    private static Tampering betweenBrokers(TransactionBugs.Change change) {
        return new Tampering() {
            @Override
            public PeerClient peers(PeerClient real) {
                return new TransactionBugs(real, change);
            }
        };
    }

    private static Tampering atTheDoor(UnaryOperator<byte[]> change) {
        return new Tampering() {
            @Override
            public byte[] request(byte[] frame) {
                return change.apply(frame);
            }
        };
    }

    private static Tampering meddling(TamperedSessions.Meddler meddler) {
        return new Tampering() {
            @Override
            public SessionClient sessions(SessionClient real) {
                return new TamperedSessions(real, meddler);
            }
        };
    }

    private static CompletableFuture<Answer<List<OpResult>>> sendUntilAnswered(
            ZooKeeperRequests real, List<Op> operations) {
        return real.multi(operations).thenCompose(answer -> {
            if (!answer.isUnknown() && !answer.isSessionOver()) {
                return CompletableFuture.completedFuture(answer);
            }
            return sendUntilAnswered(
                    real, operations.stream().map(PlantedBugs::unconditional).toList());
        });
    }

    private static Op unconditional(Op operation) {
        return switch (operation.toRequestRecord()) {
            case SetDataRequest set -> Op.setData(set.getPath(), set.getData(), -1);
            case CheckVersionRequest check -> Op.check(check.getPath(), -1);
            default -> operation;
        };
    }

    /** Header: key, version, correlation id, client id, tags; then no transactional id, and acks. */
    private static byte[] acksOne(byte[] frame) {
        if (frame[0] == 0 && frame[1] == ApiKeys.PRODUCE.id && frame[3] >= 9) {
            int acks = 8 + 2 + (frame[8] << 8 | frame[9] & 0xFF) + 2;
            if (frame[acks] == -1 && frame[acks + 1] == -1) {
                frame[acks] = 0;
                frame[acks + 1] = 1;
            }
        }
        return frame;
    }

    /** Changes what followers ask. */
    private abstract static class Changed implements PeerClient {
        private final PeerClient real;

        Changed(PeerClient real) {
            this.real = real;
        }

        abstract FetchRequestData change(FetchRequestData fetch);

        @Override
        public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
            return real.send(lane, request, version, timeoutMs);
        }

        @Override
        public void fetch(
                Lane lane,
                ApiMessage request,
                short version,
                long timeoutMs,
                BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
            real.fetch(lane, change(((FetchRequestData) request).duplicate()), version, timeoutMs, receiver);
        }

        @Override
        public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
            return real.probe(broker, timeoutMs);
        }
    }

    /** Tells a follower, with the first answer of a new leader, that the logs part at its own high watermark. */
    private static final class Truncating extends Changed {
        private static final class Followed {
            private int epoch = -1;
            private int cutInEpoch = -1;
            private int lastEpoch = -1;
            private long fetchOffset;
            private long highWatermark;
        }

        private final Map<String, Followed> followed = new HashMap<>();

        Truncating(PeerClient real) {
            super(real);
        }

        @Override
        FetchRequestData change(FetchRequestData fetch) {
            for (FetchTopic topic : fetch.topics()) {
                for (FetchPartition partition : topic.partitions()) {
                    Followed here = of(topic.topicId() + "/" + partition.partition());
                    here.epoch = partition.currentLeaderEpoch();
                    here.lastEpoch = partition.lastFetchedEpoch();
                    here.fetchOffset = partition.fetchOffset();
                }
            }
            return fetch;
        }

        private Followed of(String key) {
            return followed.computeIfAbsent(key, made -> new Followed());
        }

        @Override
        public void fetch(
                Lane lane,
                ApiMessage request,
                short version,
                long timeoutMs,
                BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
            super.fetch(lane, request, version, timeoutMs, (answer, failure) -> {
                if (answer instanceof FetchResponseData fetched) {
                    for (FetchableTopicResponse topic : fetched.responses()) {
                        for (PartitionData partition : topic.partitions()) {
                            answered(of(topic.topicId() + "/" + partition.partitionIndex()), partition);
                        }
                    }
                }
                receiver.accept(answer, failure);
            });
        }

        private static void answered(Followed here, PartitionData data) {
            if (data.errorCode() != Errors.NONE.code()) {
                return;
            }
            if (here.cutInEpoch < here.epoch) {
                boolean first = here.cutInEpoch < 0;
                here.cutInEpoch = here.epoch;
                if (!first && here.highWatermark < here.fetchOffset && here.lastEpoch >= 0) {
                    data.setRecords(MemoryRecords.EMPTY)
                            .setDivergingEpoch(new EpochEndOffset()
                                    .setEpoch(here.lastEpoch)
                                    .setEndOffset(here.highWatermark));
                    return;
                }
            }
            here.highWatermark = Math.max(here.highWatermark, data.highWatermark());
        }
    }

    /** Writes the in-sync set as it was before it lost a member. */
    private static final class KeepsInSync implements TamperedSessions.Meddler {
        private static final Pattern IN_SYNC = Pattern.compile("\"isr\":\\[([0-9,]*)\\]");

        private final Map<String, String> written = new HashMap<>();

        @Override
        public CompletableFuture<Answer<List<OpResult>>> multi(ZooKeeperRequests real, List<Op> operations) {
            return real.multi(operations.stream().map(this::change).toList());
        }

        private Op change(Op operation) {
            if (!(operation.toRequestRecord() instanceof SetDataRequest set)
                    || !set.getPath().endsWith("/state")) {
                return operation;
            }
            String data = new String(set.getData(), StandardCharsets.UTF_8);
            Matcher now = IN_SYNC.matcher(data);
            if (!now.find()) {
                return operation;
            }
            String before = written.getOrDefault(set.getPath(), "");
            String inSync = now.group(1).length() < before.length() ? before : now.group(1);
            written.put(set.getPath(), inSync);
            byte[] changed = now.replaceFirst("\"isr\":[" + inSync + "]").getBytes(StandardCharsets.UTF_8);
            return Op.setData(set.getPath(), changed, set.getVersion());
        }
    }
}
