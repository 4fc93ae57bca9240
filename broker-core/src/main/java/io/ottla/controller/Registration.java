package io.ottla.controller;

import io.ottla.metadata.BrokerImage;

/**
 * A broker's registration, with what is known of it that no node says. The marks end with the life of the broker's
 * process, which may register more than once: each time that its session with ZooKeeper is lost. Fencing ends with the
 * registration.
 *
 * @param fenced whether nobody has heard of it for too long: it is as good as gone until it is heard again
 * @param leaving whether it wants to shut down: it leads nothing that another can lead, and gets nothing new
 * @param proven whether it is known how its logs came through the time before it registered
 * @param witnessed whether it registered in this controller's term, or so shortly before that the last controller may not
 *     have heard of it: this one then took from it what it led before
 */
record Registration(BrokerImage broker, boolean fenced, boolean leaving, boolean proven, boolean witnessed) {
    /** One that was there when the term began, and before. */
    static Registration known(BrokerImage broker) {
        return new Registration(broker, false, false, false, false);
    }

    /** One that has come since. */
    static Registration fresh(BrokerImage broker) {
        return new Registration(broker, false, false, false, true);
    }

    Registration fenced(boolean is) {
        return new Registration(broker, is, leaving, proven, witnessed);
    }

    Registration departing() {
        return new Registration(broker, fenced, true, proven, witnessed);
    }

    Registration vouchedFor() {
        return new Registration(broker, fenced, leaving, true, witnessed);
    }

    /** The same one as it is found now, or another that has taken its place. */
    Registration found(BrokerImage now) {
        if (!broker.isSameLife(now)) {
            return fresh(now);
        }
        // Who has registered was just heard; who is silent all the same is fenced anew, under its new epoch.
        boolean silent = fenced && broker.epoch().equals(now.epoch());
        return new Registration(now, silent, leaving, proven, witnessed);
    }
}
