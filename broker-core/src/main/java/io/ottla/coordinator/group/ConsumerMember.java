package io.ottla.coordinator.group;

/** A member of a consumer group. Immutable. */
record ConsumerMember(String id, MemberSubscription subscription, MemberPlace place) {
    ConsumerMember with(MemberSubscription next) {
        return new ConsumerMember(id, next, place);
    }

    ConsumerMember at(MemberPlace next) {
        return new ConsumerMember(id, subscription, next);
    }

    boolean isClassic() {
        return subscription.isClassic();
    }

    /** Null for a dynamic member. */
    String instanceId() {
        return subscription.instanceId();
    }

    /** Whether it has come to that epoch, with all that it gives it. */
    boolean isSettledAt(int epoch) {
        return place.state() == MemberState.STABLE && place.epoch() == epoch;
    }
}
