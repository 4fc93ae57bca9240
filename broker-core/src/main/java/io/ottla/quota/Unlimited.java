package io.ottla.quota;

import io.ottla.types.Caller;

/** No quotas: Kafka's behaviour when none is set. */
enum Unlimited implements Quotas {
    INSTANCE;

    @Override
    public int chargeProduce(Caller caller, long bytes) {
        return 0;
    }

    @Override
    public int chargeFetch(Caller caller, long bytes) {
        return 0;
    }

    @Override
    public int chargeRequestTime(Caller caller, long nanos) {
        return 0;
    }

    @Override
    public int chargeMutations(Caller caller, int partitions) {
        return 0;
    }
}
