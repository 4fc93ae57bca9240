package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.Failure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class AlterLogDirsHandlerTest {
    private final TestingDataPath path = new TestingDataPath(2);

    private Reply<AlterReplicaLogDirsResponseData> move(Integer... partitions) {
        AlterReplicaLogDirTopicCollection topics = new AlterReplicaLogDirTopicCollection();
        topics.add(new AlterReplicaLogDirTopic().setName("t").setPartitions(List.of(partitions)));
        AlterReplicaLogDirCollection folders = new AlterReplicaLogDirCollection();
        folders.add(new AlterReplicaLogDir().setPath("/other").setTopics(topics));
        return path.alterLogDirs.handle(path.context(2), new AlterReplicaLogDirsRequestData().setDirs(folders));
    }

    private static List<Errors> errors(Reply<AlterReplicaLogDirsResponseData> reply) {
        return answer(reply).results().getFirst().partitions().stream()
                .map(partition -> Errors.forCode(partition.errorCode()))
                .toList();
    }

    @Test
    void shouldAnswerWhenAMoveIsOnDiskAndNotBefore() {
        // given
        path.store.moved = new CompletableFuture<>();
        // when
        Reply<AlterReplicaLogDirsResponseData> reply = move(0, 1);
        // then
        assertThat(path.store.moves).containsExactly("t-0 to /other", "t-1 to /other");
        assertThat(reply.isOrdered()).isTrue();
        assertThat(reply.outcomeNow()).isNull();
        // when
        path.store.moved.complete(null);
        // then
        assertThat(errors(reply)).containsExactly(Errors.NONE, Errors.NONE);
        assertThat(path.time.waiting()).isZero();
    }

    @Test
    void shouldTellWhyAMoveHasNotBegun() {
        path.store.moved = CompletableFuture.completedFuture(Failure.of(Errors.KAFKA_STORAGE_ERROR));
        assertThat(errors(move(0))).containsExactly(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldNotWaitForADiskForEver() {
        // given
        path.store.moved = new CompletableFuture<>();
        Reply<AlterReplicaLogDirsResponseData> reply = move(0, 7);
        // when
        path.time.advance(AlterLogDirsHandler.TIMEOUT_MS);
        // then   and what is known by then is told
        assertThat(errors(reply)).containsExactly(Errors.REQUEST_TIMED_OUT, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldMoveNothingForWhoMayNot() {
        path.forbidden.add("ALTER kafka-cluster");
        assertThat(errors(move(0, 1)))
                .containsExactly(Errors.CLUSTER_AUTHORIZATION_FAILED, Errors.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(path.store.moves).isEmpty();
    }
}
