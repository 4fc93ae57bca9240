package io.ottla.config;

/** How groups are coordinated in a test: as by default, but for what it sets. */
public final class TestingGroupProperties {
    private static final GroupProperties USUAL = GroupProperties.DEFAULTS;
    private static final ConsumerProtocolProperties USUAL_CONSUMER = USUAL.consumer();

    private int initialRebalanceDelayMs = USUAL.initialRebalanceDelayMs();
    private int maxSize = USUAL.maxSize();
    private boolean servesConsumer = USUAL_CONSUMER.isServed();
    private int maxConsumerSize = USUAL_CONSUMER.maxSize();
    private MigrationPolicy migration = USUAL_CONSUMER.migration();

    public TestingGroupProperties initialRebalanceDelayMs(int value) {
        initialRebalanceDelayMs = value;
        return this;
    }

    /** Of classic groups. */
    public TestingGroupProperties maxSize(int value) {
        maxSize = value;
        return this;
    }

    public TestingGroupProperties servesConsumer(boolean value) {
        servesConsumer = value;
        return this;
    }

    public TestingGroupProperties maxConsumerSize(int value) {
        maxConsumerSize = value;
        return this;
    }

    public TestingGroupProperties migration(MigrationPolicy value) {
        migration = value;
        return this;
    }

    public GroupProperties properties() {
        return new GroupProperties(
                USUAL.minSessionTimeoutMs(),
                USUAL.maxSessionTimeoutMs(),
                initialRebalanceDelayMs,
                maxSize,
                USUAL.newMemberTimeoutMs(),
                USUAL.offsetMetadataMaxBytes(),
                USUAL.offsetsRetentionMs(),
                USUAL.offsetsRetentionCheckIntervalMs(),
                USUAL.commitTimeoutMs(),
                USUAL.loadBufferBytes(),
                USUAL.codec(),
                USUAL.topic(),
                new ConsumerProtocolProperties(
                        servesConsumer,
                        maxConsumerSize,
                        USUAL_CONSUMER.assignors(),
                        migration,
                        USUAL_CONSUMER.regexRefreshMs()));
    }
}
