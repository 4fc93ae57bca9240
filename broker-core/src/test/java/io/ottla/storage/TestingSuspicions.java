package io.ottla.storage;

import java.util.ArrayList;
import java.util.List;

/** Takes down what a log tells of damage: {@code topic@offset}, or {@code topic failed}. */
final class TestingSuspicions implements PartitionLog.Listener {
    final List<String> all = new ArrayList<>();

    @Override
    public void onAcknowledgeable(PartitionLog log) {}

    @Override
    public void onLogStartMoved(PartitionLog log) {}

    @Override
    public void onSuspect(PartitionLog log, long offset) {
        all.add(log.topicPartition().topic() + "@" + offset);
    }

    @Override
    public void onFailed(PartitionLog log) {
        all.add(log.topicPartition().topic() + " failed");
    }
}
