package io.ottla.quota;

import io.ottla.types.Caller;

/**
 * What callers use, charged in a request's first stage (DESIGN §4.7). Each method charges and says for how long the
 * caller's connection starts nothing new, in milliseconds; 0 where it is within bounds. Thread-safe; called on event
 * loops.
 */
public interface Quotas {
    /** Charges bytes that a Produce request brought. */
    int chargeProduce(Caller caller, long bytes);

    /** Charges bytes that a Fetch answer takes along. */
    int chargeFetch(Caller caller, long bytes);

    /** Charges time spent on handling any request (KIP-124). */
    int chargeRequestTime(Caller caller, long nanos);

    /** Charges partitions created or deleted (KIP-599). */
    int chargeMutations(Caller caller, int partitions);

    /** No quota for anybody. */
    static Quotas unlimited() {
        return Unlimited.INSTANCE;
    }
}
