package io.ottla.replication;

/** Counts. */
final class TestingInSyncChanges implements Partition.InSyncChanges {
    int shrunk;
    int expanded;

    @Override
    public void shrunk() {
        shrunk++;
    }

    @Override
    public void expanded() {
        expanded++;
    }
}
