package io.ottla.storage;

/** Told how far recovery has come. */
interface RecoveryProgress {
    RecoveryProgress NONE = new RecoveryProgress() {
        @Override
        public void segmentsFound(int segments) {}

        @Override
        public void segmentRecovered() {}
    };

    /** So many segments of a log have to be read. */
    void segmentsFound(int segments);

    /** One of them has been. */
    void segmentRecovered();
}
