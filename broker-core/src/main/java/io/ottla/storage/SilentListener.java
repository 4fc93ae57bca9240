package io.ottla.storage;

/** Stands in until somebody listens. */
enum SilentListener implements PartitionLog.Listener {
    INSTANCE;

    @Override
    public void onAcknowledgeable(PartitionLog log) {}

    @Override
    public void onLogStartMoved(PartitionLog log) {}

    @Override
    public void onSuspect(PartitionLog log, long offset) {}

    @Override
    public void onFailed(PartitionLog log) {}
}
