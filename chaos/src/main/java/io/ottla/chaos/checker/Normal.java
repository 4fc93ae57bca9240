package io.ottla.chaos.checker;

/** What looks odd and is as it should be; counted, for a run without any of it has tried little. */
public enum Normal {
    UNKNOWN_KEPT("a send whose outcome the producer was not told is there"),
    UNKNOWN_GONE("a send whose outcome the producer was not told is not there"),
    REFUSED_GONE("a send that was refused, or whose transaction was aborted, is not there"),
    REBALANCED_SKIP("a member of a group passed over records after a rebalance: others had them"),
    REBALANCED_BACKWARD("a member of a group went back after a rebalance, to what was committed"),
    SEND_SKIP_WITHIN("another writer's record stands between two sends of one transaction"),
    CONSUMED_AGAIN("a value was read by several committed transactions of one member of a group"),
    NOT_READ_YET("acknowledged values that nobody had read when the history ended without its final reads");

    private final String meaning;

    Normal(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
