package io.ottla.controller;

import io.ottla.metadata.BrokerImage;

/**
 * A broker's registration, with what is known of it that no node says. The marks end with the life of the broker's
 * process, which may register more than once: each time that its session with ZooKeeper is lost. Fencing ends with the
 * registration.
 *
 * @param fenced whether nobody has heard of it for too long: it is as good as gone until it is heard again
 * @param leaving whether it wants to shut down: it leads nothing that another can lead, and gets nothing new
 * @param origin what this controller knows of its beginning
 * @param logs how its logs came through the time before it registered
 */
record Registration(BrokerImage broker, boolean fenced, boolean leaving, Origin origin, Logs logs) {
    /** What a controller knows of when a process registered. */
    enum Origin {
        /** The last controller had taken it in, as far as this broker was told. */
        TOLD,
        /** This broker was told nothing of the time before its term. */
        UNSEEN,
        /**
         * In this term, or so shortly before that the last controller may not have heard of it: this one then took from
         * it what it led before.
         */
        NEW
    }

    /** How logs were closed. */
    enum Logs {
        /** The broker has yet to say it. */
        UNTOLD,
        WHOLE,
        /** Not in order: they may lack what was acknowledged. */
        TORN
    }

    static Registration of(BrokerImage broker, Origin origin) {
        return new Registration(broker, false, false, origin, Logs.UNTOLD);
    }

    Registration fenced(boolean is) {
        return new Registration(broker, is, leaving, origin, logs);
    }

    Registration departing() {
        return new Registration(broker, fenced, true, origin, logs);
    }

    Registration heard(Logs found) {
        return new Registration(broker, fenced, leaving, origin, found);
    }

    boolean isHeard() {
        return logs != Logs.UNTOLD;
    }

    /**
     * The same one as it is found now, or another that has taken its place.
     *
     * @param otherwise what is known of another's beginning
     */
    Registration found(BrokerImage now, Origin otherwise) {
        if (!broker.isSameLife(now)) {
            return of(now, otherwise);
        }
        // Who has registered was just heard; who is silent all the same is fenced anew, under its new epoch.
        boolean silent = fenced && broker.epoch().equals(now.epoch());
        return new Registration(now, silent, leaving, origin, logs);
    }
}
